"""What a test is to do, and what came of it."""

from typing import Any, NamedTuple

from protege.shapes import in_order, shaped
from protege.testing.tally import Tally
from protege.testing.trial import Side
from protege.text import Text


class Plan(NamedTuple):
    """What a test is to do; stands in its job's record."""

    sides: tuple[Side, ...]
    """One, or two that are asked the same."""
    judge: str = ""
    """Id of the model that judges; empty: nobody does."""
    dataset: str = ""
    """Whose rows they are; empty where they were handed in."""
    held_out: bool = False
    """Whether only the held-out rows of it are asked."""
    skipped: int = 0
    """Rows that could not be read."""
    problem: tuple[str, ...] = ()
    """The first reason for that, in each language of `Text`."""

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads, also after a journey through JSON."""
        return self._asdict() | {"sides": [list(side) for side in self.sides]}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Plan":
        """A plan from `as_json`."""
        sides = tuple(in_order(Side, side) for side in found["sides"])
        return shaped(cls, found | {"sides": sides, "problem": tuple(found["problem"])})


class Result(NamedTuple):
    """What came of a test, be it whole or not."""

    id: str
    plan: Plan
    tally: Tally
    total: int
    """Rows that were to be tried."""
    unjudged: Text | None = None
    """Why judging ended before the rows did."""
    stopped: Text | None = None
    """Why trying ended before the rows did."""

    @property
    def left(self) -> int:
        """Rows that were not tried."""
        return self.total - self.tally.rows
