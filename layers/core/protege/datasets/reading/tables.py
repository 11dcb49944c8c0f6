"""CSV and its kin, and Markdown's tables, one row at a time."""

import csv
from collections.abc import Iterator
from itertools import islice

from protege.datasets.reading.fields import Maker
from protege.datasets.reading.layout import Layout, cells
from protege.datasets.reading.lines import Overlong
from protege.datasets.reading.names import GOODS, INPUTS
from protege.datasets.reading.records import Records
from protege.datasets.reading.words import RAGGED, TOO_LONG, UNKNOWN_COLUMNS, filled
from protege.datasets.rows import Problem, Row
from protege.text import Text

csv.field_size_limit(max(csv.field_size_limit(), 8 << 20))  # the bound on lines is ours


def rows(lines: Iterator[str], table: Layout, make: Maker) -> Iterator[Row | Problem]:
    """A row or a problem for every record that is not blank."""
    found = islice(lines, table.skipped, None)
    records = _markdown(found) if table.markdown else Records(found, table, make.limits.line)
    least = _least(table)
    number = 0
    for record, raw in records:
        if isinstance(record, list) and not any(record):
            continue
        number += 1
        made = _row(number, record, table, least, make)
        yield make.problem(number, made, "\n".join(raw)) if isinstance(made, Text) else made


def _row(
    number: int, record: list[str] | Text, table: Layout, least: int, make: Maker
) -> Row | Text:
    if isinstance(record, Text):
        return filled(TOO_LONG, limit=make.limits.line) if record is TOO_LONG else record
    names = table.names
    if not names[0] and not any(names):
        return UNKNOWN_COLUMNS
    if len(record) != len(names):
        while len(record) > len(names) and not record[-1].strip():
            record.pop()
        if not least <= len(record) <= len(names):
            return filled(RAGGED, found=len(record), expected=len(names))
    return make.row(number, dict(zip(names, record, strict=False)))


def _least(table: Layout) -> int:
    """A record shorter than this misses its question or its answer; others may be left out."""
    asked = [i for i, name in enumerate(table.names) if name in INPUTS]
    good = [i for i, name in enumerate(table.names) if name in GOODS]
    return 1 + max([*asked[:1], *good[:1], 0])


def _markdown(lines: Iterator[str]) -> Iterator[tuple[list[str] | Text, list[str]]]:
    for line in lines:
        yield (TOO_LONG if isinstance(line, Overlong) else cells(line)), [line]
