"""Rows that could not be used, as a table to mend and to hand in again.

The columns that the reader looks for come first: what could be made out of the row stands in them
already. The other columns only explain; the reader passes them over.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from protege.datasets.reading.names import BADS, GOODS, INPUTS, TALKS, plain
from protege.datasets.reading.talks import content, said
from protege.datasets.report.leaks import masked
from protege.datasets.rows import Problem
from protege.datasets.writing import FORMULA
from protege.text import Text

MOST_BYTES = 8 << 20
"""Less than what Discord takes as an attachment from anybody (10 MB)."""
COLUMNS = (
    Text("question", "вопрос"),
    Text("answer", "ответ"),
    Text("wrong", "неверно"),
    Text("problem", "что не так"),
    Text("row", "строка"),
    Text("file", "файл"),
    Text("original", "исходная строка"),
)
SHIELD = "\u00a0"
"""Stands before what a spreadsheet would take for a formula; readers strip it like any space."""
SAID = re.compile(r'"([^"\\]{1,60})"\s*:\s*("(?:[^"\\]|\\.)*")')


class Rejects:
    """The table, row by row, up to a size. `locale`: the language of its headings."""

    def __init__(self, locale: str, most_bytes: int = MOST_BYTES) -> None:
        self._locale = locale
        self._most = most_bytes
        self._size = 0
        self._lines: list[bytes] = []
        self.kept = self.left_out = 0

    def see(self, problem: Problem) -> None:
        """Add a row, unless the table would grow too large. What has no text cannot be mended."""
        if not problem.raw.strip():
            return
        line = _line(self._cells(problem))
        if self._size + len(line) > self._most:
            self.left_out += 1
            return
        self.kept += 1
        self._size += len(line)
        self._lines.append(line)

    def body(self) -> bytes:
        """CSV in UTF-8 with the mark by which spreadsheets know it; empty without rows."""
        if not self._lines:
            return b""
        head = _line([column.to(self._locale) for column in COLUMNS])
        return b"\xef\xbb\xbf" + head + b"".join(self._lines)

    def _cells(self, problem: Problem) -> list[str]:
        """Keys and passwords are masked: the table may be posted where others read."""
        raw = masked(problem.raw, personal=False)
        why = problem.why.to(self._locale)
        return [*guess(raw), why, str(problem.number), problem.file, raw]


def set_aside(problems: Iterable[Problem], locale: str) -> bytes:
    """The table of some problems, see `Rejects`."""
    rejects = Rejects(locale)
    for problem in problems:
        rejects.see(problem)
    return rejects.body()


def guess(raw: str) -> tuple[str, str, str]:
    """Question, answer and wrong answer as far as a piece of JSON names them, else empty.

    A row of a table is not guessed at: its columns' names are not in it.
    """
    fields = {plain(name): value for name, value in _fields(raw).items()}
    for name in TALKS:
        if isinstance(turns := fields.get(name), list):
            return (*said(turns, answered=True), _first(fields, BADS))
    return _first(fields, INPUTS), _first(fields, GOODS), _first(fields, BADS)


def _fields(raw: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {name: json.loads(value, strict=False) for name, value in _pairs(raw)}
    return found if isinstance(found, dict) else {}


def _pairs(raw: str) -> list[tuple[str, str]]:
    """Names and strings that are whole, of JSON that is not."""
    return [(name, value) for name, value in SAID.findall(raw) if _whole(value)]


def _whole(value: str) -> bool:
    try:
        json.loads(value, strict=False)
    except ValueError:
        return False
    return True


def _first(fields: dict[str, Any], names: Sequence[str]) -> str:
    return next(filter(None, (content(fields.get(name)) for name in names)), "")


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([f"{SHIELD}{c}" if c.startswith(FORMULA) else c for c in cells])
    return out.getvalue().encode("utf-8", "replace")
