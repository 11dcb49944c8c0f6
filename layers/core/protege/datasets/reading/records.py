"""CSV records that survive a broken neighbour: what a stray quote swallows is read again."""

import csv
import re
from collections import deque
from collections.abc import Iterator

from protege.datasets.reading.layout import Layout
from protege.datasets.reading.lines import Overlong
from protege.datasets.reading.words import BROKEN_CELLS, TOO_LONG
from protege.text import Text

LEAST_ROOM = 4096


class Unclosed(Exception):
    """A record goes on for longer than any does."""


class Records:
    """Iterates over (cells or what is wrong, the lines that they were on).

    csv.reader reads strictly. Where it fails, the record's first line is read by itself, mended if
    need be, and the lines after it are read anew: a good row is never lost to a bad one before it.
    """

    def __init__(self, lines: Iterator[str], table: Layout, longest: int) -> None:
        self._lines = lines
        self._table = table
        self._room = longest
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        end = re.escape(table.separator)
        quoted = rf'(?:[^"]++|""|"(?!\s*(?:{end}|\Z)))*+'
        self._cell = re.compile(rf'\s*"({quoted})"\s*(?={end}|\Z)|([^{end}]*)')
        self._reader = self._begun()

    def __iter__(self) -> Iterator[tuple[list[str] | Text, list[str]]]:
        plain = "\\" if self._table.escapes else '"'
        while True:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            if '"' not in line and plain not in line and type(line) is str:
                yield line.split(self._table.separator), [line]
                continue
            self._again.appendleft(line)
            self._taken = []
            try:
                record: list[str] | Text = next(self._reader)
            except StopIteration:
                return
            except (csv.Error, Unclosed):
                record = self._mended()
            yield record, self._taken

    def _begun(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), **self._table.dialect(strict=True))

    def _feed(self) -> Iterator[str]:
        """Lines for the reader, those to be read again first, no more than a record may have."""
        room = self._room
        while True:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            room = room - len(line) if self._taken else self._room
            self._taken.append(line)
            if isinstance(line, Overlong) or room < 0:
                raise Unclosed
            yield line + "\n"

    def _mended(self) -> list[str] | Text:
        first, *rest = self._taken
        if len(rest) > 1:  # looking far ahead in vain must not become a habit
            self._room = max(self._room // 2, LEAST_ROOM)
        self._again.extendleft(reversed(rest))
        self._taken = [first]
        self._reader = self._begun()
        return TOO_LONG if isinstance(first, Overlong) else self._alone(first)

    def _alone(self, line: str) -> list[str] | Text:
        """The cells of a line by itself; only a quote beside a separator opens or closes a cell."""
        found: list[str] = []
        at = -1
        while at < len(line):
            cell = self._cell.match(line, at + 1)
            if not cell or (cell[1] is None and cell[2].lstrip().startswith('"')):
                return BROKEN_CELLS
            found.append(cell[2] if cell[1] is None else cell[1].replace('""', '"'))
            at = cell.end()
        return found
