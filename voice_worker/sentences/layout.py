"""Markdown's layout, line by line: headings, lists, quotes, tables."""

import re
from collections.abc import Sequence

from voice_worker.sentences.phrases import TABLE

START = re.compile(r"^\s*(?:>{1,3}\s+|#{1,6}\s+|-#\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)+")
NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]\s+")
RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$").match
UNDER_HEADER = re.compile(r"^[\s|:-]+$").match
STOPS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "।")
MOST_ROWS = 5
"""Longer tables are not read out: nobody remembers them."""


def lines(text: str, language: str) -> str:
    """One line of sentences: what stood on lines of its own ends with a full stop."""
    found: list[str] = []
    table: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.lstrip().startswith("|"):
            table.append(line)
            continue
        found += _rows(table, language)
        table = []
        found.append(_plain(line))
    return " ".join(_closed(line) for line in found if line)


def _plain(line: str) -> str:
    if RULE(line):
        return ""
    return NUMBERED.sub(r"\1: ", START.sub("", line)).strip()


def _closed(line: str) -> str:
    """With a full stop, unless something like it is there already, be it within a mark."""
    return line if line.rstrip(" *_~`\"'»”)").endswith(STOPS) else f"{line}."


def _rows(table: Sequence[str], language: str) -> list[str]:
    rows = [_cells(line) for line in table if not UNDER_HEADER(line)]
    if len(rows) > MOST_ROWS + 1:
        return [TABLE.to(language, rows=len(rows) - 1)]
    if len(rows) < 2:
        return [", ".join(filter(None, row)) for row in rows]
    return [_row(rows[0], row) for row in rows[1:]]


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    """Each cell with what its column is called."""
    named = [
        f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=False) if cell
    ]
    return "; ".join(named)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
