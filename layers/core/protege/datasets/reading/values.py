"""JSON of any layout as a stream: arrays, objects over several lines, a dataset inside an object.

Only a window is held. After a broken element reading goes on at the next that begins as it did.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from protege.datasets.reading.fields import Maker
from protege.datasets.reading.names import ENVELOPES
from protege.datasets.reading.tape import Tape
from protege.datasets.rows import Problem, Row
from protege.text import Text

WRAPPED = re.compile(rf'"(?:{"|".join(ENVELOPES)})"\s*:\s*\[').search


def rows(texts: Iterator[str], make: Maker) -> Iterator[Row | Problem]:
    """A row or a problem for every element."""
    tape = Tape(texts, make.limits.line)
    for number, (found, raw) in enumerate(_all(tape), 1):
        yield make.item(number, found, raw)


def _all(tape: Tape) -> Iterator[tuple[Any, str]]:
    while start := tape.skip():
        if start == "[":
            tape.step()
            yield from _elements(tape)
        elif start == "{":
            yield from _object(tape)
        else:
            yield _one(tape)


def _elements(tape: Tape) -> Iterator[tuple[Any, str]]:
    while start := tape.skip():
        if start == "]":
            tape.step()
            return
        yield _one(tape)


def _one(tape: Tape) -> tuple[Any, str]:
    """The next value, or why it is none, and its text."""
    return _with_text(tape, tape.value())


def _with_text(tape: Tape, found: Any) -> tuple[Any, str]:
    if isinstance(found, Text):
        return found, tape.recover()
    return found, tape.text[tape.start : tape.at]


def _object(tape: Tape) -> Iterator[tuple[Any, str]]:
    """A row, or the rows inside an object that holds a dataset."""
    found = tape.value()
    if isinstance(found, Text) and WRAPPED(tape.text, tape.start):
        yield from _members(tape)
    elif isinstance(found, dict) and (inner := _inner(found)) is not None:
        yield from ((row, _written(row)) for row in inner)
    else:
        yield _with_text(tape, found)


def _inner(found: dict[str, Any]) -> list[Any] | None:
    return next((found[n] for n in ENVELOPES if isinstance(found.get(n), list)), None)


def _written(row: Any) -> str:
    try:
        return json.dumps(row, ensure_ascii=False)
    except RecursionError:
        return ""


def _members(tape: Tape) -> Iterator[tuple[Any, str]]:
    """The rows inside an object that is too large to be held, or broken somewhere."""
    tape.step()
    while tape.skip() == '"':
        name = tape.value()
        if tape.skip() != ":":
            break
        tape.step()
        if tape.skip() == "[" and name in ENVELOPES:
            tape.step()
            yield from _elements(tape)
        elif isinstance(found := tape.value(), Text):
            yield found, tape.recover()
            return
    tape.step()
