"""Rows as the files that people and providers know."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from protege.datasets.pairing import paired
from protege.datasets.rows import Row

T = TypeVar("T")
Writer = Callable[[Iterable[Row]], Iterator[bytes]]


class Counted(Generic[T]):
    """Passes things on and counts them; to be iterated once."""

    def __init__(self, things: Iterable[T]) -> None:
        self._things = things
        self.count = 0

    def __iter__(self) -> Iterator[T]:
        for thing in self._things:
            self.count += 1
            yield thing


def chat(row: Row) -> bytes:
    """One line of OpenAI's chat format for supervised fine-tuning; empty without a right answer.

    Source: https://platform.openai.com/docs/guides/supervised-fine-tuning
    """
    if not row.good:
        return b""
    asked, said = {"role": "user", "content": row.input}, {"role": "assistant", "content": row.good}
    return _line({"messages": [asked, said]})


def preference(row: Row) -> bytes:
    """One line of OpenAI's preference format; a missing side is an empty list of messages.

    Source: https://platform.openai.com/docs/guides/direct-preference-optimization
    """
    return _line(
        {
            "input": {"messages": [{"role": "user", "content": row.input}]},
            "preferred_output": _said(row.good),
            "non_preferred_output": _said(row.bad),
        }
    )


def as_chat(rows: Iterable[Row]) -> Iterator[bytes]:
    """Chat JSONL of all rows that have a right answer."""
    return filter(None, map(chat, rows))


def as_preferences(rows: Iterable[Row]) -> Iterator[bytes]:
    """Preference JSONL of all questions that have both answers, in one row or in two."""
    return (preference(row) for row in paired(rows) if row.good and row.bad)


def cells(*cells: str) -> str:
    """One line of CSV."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, in wide letters too.
Source: https://owasp.org/www-community/attacks/CSV_Injection
"""


def harmless(cell: str) -> str:
    """A cell with an apostrophe before what a spreadsheet would run as a formula.

    For tables that are read, not for those that are taught again.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV in UTF-8 with a BOM, columns question, answer, bad.

    Cells are written as they are: a file that is to be taught again must come back the same.
    """
    yield cells("question", "answer", "bad").encode("utf-8-sig")
    for row in rows:
        yield cells(row.input, row.good, row.bad).encode()


FORMATS: dict[str, tuple[str, Writer]] = {
    "chat": ("jsonl", as_chat),
    "preference": ("jsonl", as_preferences),
    "csv": ("csv", as_csv),
}
"""Name to file ending and writer."""


def _said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}] if text else []


def _line(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
