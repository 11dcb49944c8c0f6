"""How a table is laid out, seen by its first lines; or that it is no table."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from protege.datasets.reading.names import (
    ABOUT_BAD,
    ABOUT_GOOD,
    ABOUT_INPUT,
    GOODS,
    INPUTS,
    LONGEST_NAME,
    plain,
)
from protege.datasets.reading.prose import arrows, marked

SEPARATORS = "\t;|,"
LOOKED_AT = 20
DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE).fullmatch
"""Excel's first line that names the separator."""
RULER = re.compile(r"[\s:|]*-[-\s:|]*").fullmatch
"""The line under the names of a Markdown table."""
ESCAPED = re.compile(r'\\"[^,;\t|\r\n"]').search
UNNAMED = ("question", "answer")


class Layout(NamedTuple):
    """A table. `names`: what the columns hold; `skipped`: lines before the first row."""

    separator: str
    names: tuple[str, ...]
    skipped: int
    markdown: bool = False
    escapes: bool = False

    def dialect(self, *, strict: bool) -> dict[str, Any]:
        """What csv.reader wants to know."""
        escaping = {"escapechar": "\\", "doublequote": False} if self.escapes else {}
        return {
            "delimiter": self.separator,
            "skipinitialspace": True,
            "strict": strict,
            **escaping,
        }


def layout(lines: Sequence[str], whole: bool) -> Layout | None:
    """The table that begins so. `whole`: these are all the lines, else the last is cut off."""
    lines = [line.rstrip("\r") for line in (lines if whole else lines[:-1])][: LOOKED_AT * 3]
    blank = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    lines = lines[blank:]
    if not lines:
        return None
    declared = DECLARED(lines[0])
    skipped = blank + bool(declared)
    lines = lines[bool(declared) :]
    if len(lines) > 1 and lines[0].lstrip().startswith("|") and RULER(lines[1]):
        named = names(cells(lines[0])) or tuple(map(plain, cells(lines[0])))
        return Layout("|", named, skipped + 2, markdown=True)
    text = "\n".join(lines)
    escapes = bool(ESCAPED(text)) and '""' not in text
    separators = declared[1] if declared else SEPARATORS
    tables = [Layout(separator, (), skipped, escapes=escapes) for separator in separators]
    return _named(lines, tables) or _unnamed(lines, tables, sure=bool(declared))


def cells(line: str) -> list[str]:
    """The cells of a line of a Markdown table."""
    inside = line.strip().removeprefix("|").removesuffix("|")
    found = re.split(r"(?<!\\)\|", inside)
    return [cell.replace("\\|", "|").replace("<br>", "\n").strip() for cell in found]


def names(header: Sequence[str]) -> tuple[str, ...]:
    """What the columns hold if this is a header, else nothing."""
    found = [plain(cell) for cell in header]
    if len(found) < 2 or max(map(len, found)) > LONGEST_NAME:
        return ()
    if any(name in INPUTS for name in found):
        return _told_apart(found)
    if len(found) == 2 and len(found[1]) > 1 and found[1] in GOODS:
        return ("question", found[1])
    meant = ["" if "?" in name else _meant(name) for name in found]
    if "question" in meant and "answer" in meant:
        return _told_apart([mean or name for mean, name in zip(meant, found, strict=True)])
    return ()


def _meant(name: str) -> str:
    if ABOUT_BAD(name):
        return "bad"
    if ABOUT_GOOD(name):
        return "answer"
    return "question" if ABOUT_INPUT(name) else ""


def _told_apart(found: Sequence[str]) -> tuple[str, ...]:
    """A name that comes again gets its place added: the first of the two is meant."""
    return tuple(f"{name} {i}" if name in found[:i] else name for i, name in enumerate(found))


def _named(lines: Sequence[str], tables: Sequence[Layout]) -> Layout | None:
    for table in tables:
        header = _records(lines[:1], table)
        if header and (found := names(header[0])):
            return table._replace(names=found, skipped=table.skipped + 1)
    return None


def _unnamed(lines: Sequence[str], tables: Sequence[Layout], sure: bool) -> Layout | None:
    """Rows most of which have the same number of cells, not by chance; of two, they are known."""
    if marked(lines):
        return None
    tables = [table for table in tables if table.separator == "\t" or sure or not arrows(lines)]
    shares = {table: _share(lines, table, sure) for table in tables}
    table = max(tables, key=lambda table: shares[table][0])
    share, width = shares[table]
    if share < 0.5:
        return None
    return table._replace(names=UNNAMED if width == 2 else ("",) * width)


def _share(lines: Sequence[str], table: Layout, sure: bool) -> tuple[float, int]:
    """Which share of the records has the usual number of cells, and that number."""
    found = [len(record) for record in _records(lines, table)[:LOOKED_AT] if record]
    [(width, count)] = Counter(found).most_common(1) or [(0, 0)]
    told = sure or (count > 1 and _meant_as_table("\n".join(lines), table.separator))
    return (count / len(found) if width > 1 and told else 0.0), width


def _meant_as_table(text: str, separator: str) -> bool:
    """Whether separators stand as programs put them: prose has a space after each."""
    spaced = len(re.findall(re.escape(separator) + r" (?!\")", text))
    return separator == "\t" or spaced * 2 < text.count(separator)


def _records(lines: Sequence[str], table: Layout) -> list[list[str]]:
    try:
        return list(csv.reader((line + "\n" for line in lines), **table.dialect(strict=False)))
    except csv.Error:
        return []
