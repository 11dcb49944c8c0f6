"""JSON, one value a line: the fast way."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from protege.datasets.reading.fields import Maker
from protege.datasets.reading.lines import Overlong
from protege.datasets.reading.words import NOT_JSON, TOO_LONG, filled
from protege.datasets.rows import Problem, Row
from protege.text import Text

scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""(text, index) -> (value, end): what json.loads calls after three checks of its own.

Raises ValueError, StopIteration, RecursionError.
"""
BROKEN = (ValueError, StopIteration, RecursionError)
LOOKED_AT = 20


def by_line(sample: str, whole: bool) -> bool:
    """Whether JSON text has one value a line, several of them. `whole`: the sample is all of it."""
    lines = sample.split("\n")
    if not whole:
        lines.pop()
    filled = [line for line in lines if line and not line.isspace()][:LOOKED_AT]
    if not filled:
        return False
    if not isinstance(value(filled[0].strip()), Text):
        return len(filled) > 1 or not whole
    objects = (line for line in filled[1:] if filled[0].startswith("{") and line.startswith("{"))
    return any(not isinstance(value(line.strip()), Text) for line in objects)


def rows(batches: Iterable[list[str]], make: Maker) -> Iterator[Row | Problem]:
    """A row or a problem for every line that is not blank."""
    number = 0
    row, scanner = make.row, scan
    for lines in batches:
        for line in lines:
            number += 1
            try:
                found, end = scanner(line, 0)
                if end != len(line) and not line[end:].isspace():
                    found = value(line.strip())
            except BROKEN:
                if not line or line.isspace():
                    number -= 1
                    continue
                found = _again(line, make)
            made = row(number, found)
            yield made if type(made) is Row else make.problem(number, made, line)  # type: ignore[arg-type]


def value(text: str) -> Any:
    """The JSON value that a line is, but for a comma at its end, or why it is none (a Text)."""
    try:
        found, end = scan(text, 0)
    except BROKEN:
        return NOT_JSON
    return found if text[end:].strip() in ("", ",") else NOT_JSON


def _again(line: str, make: Maker) -> Any:
    if isinstance(line, Overlong):
        return filled(TOO_LONG, limit=make.limits.line)
    return value(line.strip().lstrip("\ufeff"))
