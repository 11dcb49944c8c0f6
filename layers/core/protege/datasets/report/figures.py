"""What a report says, as plain values: made once, kept as JSON, worded and drawn when asked for."""

from typing import Any, NamedTuple

from protege.shapes import in_order, shaped
from protege.text import Text

EDGES = (10, 20, 50, 100, 200, 500, 1000, 2000, 4000)
"""Upper bounds, in characters, of all groups of lengths but the last."""


class Place(NamedTuple):
    """Where something was found; `other` is the earlier row of a pair, 0 where there is none."""

    row: int
    file: str = ""
    other: int = 0
    other_file: str = ""
    sample: str = ""
    """What is shown of it, short and masked."""


class Finding(NamedTuple):
    """One thing to know about the data.

    `kind`: rejected, secret, personal, contradiction, placeholder, duplicate, near, long_answer,
    long_question. `places`: the first few of `times`.
    """

    kind: str
    what: Text
    times: int
    places: tuple[Place, ...]


class Lengths(NamedTuple):
    """How long texts are, in characters. `groups`: how many up to each of `EDGES`, and above."""

    groups: tuple[int, ...] = (0,) * (len(EDGES) + 1)
    longest: int = 0
    total: int = 0

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return sum(self.groups)

    @property
    def average(self) -> int:
        """Their average length, 0 where there are none."""
        return round(self.total / self.texts) if self.texts else 0


class Tokens(NamedTuple):
    """Estimated tokens, see `tokens.py`."""

    questions: int = 0
    good: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return sum(self)


class Report(NamedTuple):
    """All about one set of rows."""

    rows: int
    """Rows that were found, usable or not."""
    good: int
    """Rows that can be used."""
    answered: int
    """Usable rows with a right answer."""
    pairs: int
    """Questions with both a right and a wrong answer, in one row or in two."""
    findings: tuple[Finding, ...]
    """Most important first."""
    files: int
    """Files that the rows stand in; where there is only one, its name is not shown."""
    languages: dict[str, int]
    """Usable rows by language: en, ru, other."""
    questions: Lengths
    answers: Lengths
    tokens: Tokens

    @property
    def rejected(self) -> int:
        """Rows that cannot be used as they are."""
        return self.rows - self.good

    def as_json(self) -> dict[str, Any]:
        """What `of` reads; tuples become lists on the way through JSON."""
        findings = [f._asdict() | {"places": [list(p) for p in f.places]} for f in self.findings]
        return self._asdict() | {
            "findings": [f | {"what": list(f["what"])} for f in findings],
            "questions": self.questions._asdict(),
            "answers": self.answers._asdict(),
            "tokens": self.tokens._asdict(),
        }

    @classmethod
    def of(cls, json: dict[str, Any]) -> "Report":
        """A report from `as_json`, also after a journey through JSON."""
        parts: dict[str, Any] = {
            "findings": tuple(map(_finding, json["findings"])),
            "questions": _lengths(json["questions"]),
            "answers": _lengths(json["answers"]),
            "tokens": shaped(Tokens, json["tokens"]),
        }
        return shaped(cls, json | parts)


def _finding(json: dict[str, Any]) -> Finding:
    places = tuple(in_order(Place, place) for place in json["places"])
    return Finding(json["kind"], in_order(Text, json["what"]), json["times"], places)


def _lengths(json: dict[str, Any]) -> Lengths:
    return shaped(Lengths, json | {"groups": tuple(json["groups"])})
