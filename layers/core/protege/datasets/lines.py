"""Rows as lines of JSON, each with its contributor: our own format for what we write."""

import json
from collections.abc import Iterable, Iterator

from protege.datasets.rows import Row
from protege.shapes import shaped
from protege.storage import Files


def line(row: Row) -> bytes:
    """A row as one line of JSON."""
    return (json.dumps(row._asdict(), ensure_ascii=False) + "\n").encode()


def unpack_stream(chunks: Iterable[bytes]) -> Iterator[Row]:
    """Rows from `line`s, in flat memory."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (shaped(Row, json.loads(found)) for found in lines)


def filter_rows(files: Files, key: str, author: str) -> int:
    """Delete for ever one person's rows from a file of `line`s; return how many are left.

    The others' rows are safe in a draft while the file is away: whoever is interrupted there goes
    on from it when run again.
    """
    draft = f"{key}.draft"
    if not any(name == key for name in files.names(key)):
        files.copy(draft, key)
    left = rows = 0
    for row in unpack_stream(files.stream(key)):
        rows, left = rows + 1, left + (row.author != author)
    if left < rows:
        others = (r for r in unpack_stream(files.stream(key)) if r.author != author)
        files.write_stream(draft, map(line, others))
        files.delete(key, forever=True)
        files.copy(draft, key)
    files.delete(draft, forever=True)
    return left
