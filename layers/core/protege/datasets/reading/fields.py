"""From an object, a list or a table's row to a Row: which field is what?"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from protege.datasets.reading.limits import Limits
from protege.datasets.reading.names import BADS, GOODS, INPUTS, TALKS, plain
from protege.datasets.reading.talks import content, said
from protege.datasets.reading.words import (
    DAMAGED,
    NO_ANSWER,
    NO_INPUT,
    NOT_A_ROW,
    TOO_LONG,
    filled,
)
from protege.datasets.rows import Problem, Row
from protege.text import Text

MOST_SHAPES = 256


class Shape(NamedTuple):
    """Which of an object's keys say what, the likelier first."""

    talk: str
    task: str
    """Alpaca's `instruction`, which stands before the `input`."""
    asked: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


class Maker:
    """Makes the rows of one file. `file`: its name, to be shown."""

    def __init__(self, file: str, answers: bool, limits: Limits) -> None:
        self.limits = limits
        self._file = file
        self.answers = answers
        self._shapes: dict[tuple[Any, ...], Shape] = {}

    def item(self, number: int, value: Any, raw: str) -> Row | Problem:
        """A row out of any JSON value, or why there is none (a Text is passed on as that)."""
        found = self.row(number, value)
        return self.problem(number, found, raw) if isinstance(found, Text) else found

    def problem(self, number: int, why: Text, raw: str = "") -> Problem:
        """A row that could not be used; 0 is the file as a whole."""
        shown = raw[: self.limits.raw].encode("utf-8", "replace").decode()
        return Problem(number, why, self._file, shown)

    def row(self, number: int, value: Any) -> Row | Text:
        """A row out of any JSON value, or why there is none."""
        try:
            if type(value) is dict:
                return self._object(number, value)
            if type(value) is str:
                return self.pair(number, value)
            if type(value) is list and len(value) in (2, 3):
                return self.pair(number, *map(content, value))
        except RecursionError:
            return NOT_A_ROW
        return value if isinstance(value, Text) else NOT_A_ROW

    def pair(self, number: int, asked: str, good: str = "", bad: str = "") -> Row | Text:
        """A row out of its texts, or why there is none."""
        asked, good, bad = asked.strip(), good.strip(), bad.strip()
        if not asked:
            return NO_INPUT
        if self.answers and not good and not bad:
            return NO_ANSWER
        if len(asked) > self.limits.input:
            return filled(TOO_LONG, limit=self.limits.input)
        if len(good) > self.limits.answer or len(bad) > self.limits.answer:
            return filled(TOO_LONG, limit=self.limits.answer)
        if _damaged(f"{asked}{good}{bad}"):
            return DAMAGED
        return Row(number, asked, good, bad, self._file)

    def _object(self, number: int, fields: dict[str, Any]) -> Row | Text:
        shape = self._shapes.get(tuple(fields)) or self._shape(fields)
        if shape.talk and type(turns := fields[shape.talk]) is list:
            bad = _first(fields, shape.bad)
            return self.pair(number, *said(turns, answered=self.answers), bad)
        asked = _first(fields, shape.asked)
        if shape.task and (task := content(fields[shape.task])) != asked:
            asked = f"{task}\n{asked}"
        return self.pair(number, asked, _first(fields, shape.good), _first(fields, shape.bad))

    def _shape(self, fields: dict[str, Any]) -> Shape:
        named = {plain(name): name for name in reversed(fields)}
        if len(self._shapes) >= MOST_SHAPES:
            self._shapes.clear()
        shape = Shape(
            next((named[name] for name in TALKS if name in named), ""),
            named.get("instruction", "") if "input" in named else "",
            *(tuple(named[n] for n in names if n in named) for names in (INPUTS, GOODS, BADS)),
        )
        self._shapes[tuple(fields)] = shape
        return shape


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of the fields that says anything."""
    for name in names:
        value = fields[name]
        found = value if type(value) is str else content(value)
        if found and not found.isspace():
            return found
    return ""


def _damaged(text: str) -> bool:
    """Whether there are letters in it that cannot be written."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return True
    return "\0" in text
