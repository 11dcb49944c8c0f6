"""A row, tried: what was expected and what each side answered."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from protege.shapes import shaped

NOW = -1
"""In place of a version's number: what answers now, later corrections with it."""
RIGHT = 0.5
"""From this judged score on an answer that is worded otherwise counts as right."""


class Side(NamedTuple):
    """Who is tested. `trial`: as if held-out questions had never been taught (`chat.Knowing`)."""

    version: int = NOW
    trial: bool = False


class Outcome(NamedTuple):
    """What one side answered. All scores are 0 to 1."""

    version: int
    """The version that answered; 0 before the first training."""
    predicted: str
    taught: bool
    """Whether a lesson answers the question."""
    score: float
    threshold: float
    lesson: str = ""
    """Id of that lesson."""
    exact: bool = False
    """The expected answer but for case, spaces and marks at the ends."""
    similarity: float = 0.0
    judged: float | None = None
    """What a model said to it; None where none was asked or what it said could not be used."""
    why: str = ""
    """The judge's reason."""
    failed: str = ""
    """Why there is no answer, in the language of the person; usually empty."""

    @property
    def right(self) -> bool:
        """Word for word, or in a judge's opinion."""
        return self.exact or (self.judged is not None and self.judged >= RIGHT)


class Trial(NamedTuple):
    """One row, tried. `expected` is empty where the row had none."""

    number: int
    """Among the rows that were tried, from 1."""
    input: str
    expected: str
    outcomes: tuple[Outcome, ...]
    """One for each side."""

    @property
    def wrong(self) -> bool:
        """Whether any side is known to be wrong."""
        return bool(self.expected) and not all(one.right for one in self.outcomes)


def dump(trials: Iterable[Trial]) -> bytes:
    """Trials as lines of JSON."""
    lines = (json.dumps(_plain(trial), ensure_ascii=False) + "\n" for trial in trials)
    return "".join(lines).encode()


def load(body: bytes) -> Iterator[Trial]:
    """Trials from `dump`."""
    for line in filter(None, body.split(b"\n")):
        found: dict[str, Any] = json.loads(line)
        found["outcomes"] = tuple(shaped(Outcome, one) for one in found["outcomes"])
        yield shaped(Trial, found)


def _plain(trial: Trial) -> dict[str, Any]:
    return trial._asdict() | {"outcomes": [one._asdict() for one in trial.outcomes]}
