"""What goes into an archive: listed once, kept as a file, read again from any entry on."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protege.storage import Files, Stat

CHUNK = 256 << 10


class Planned(NamedTuple):
    """One file to be packed, and where the line after its own begins. Times: since the epoch."""

    key: str
    size: int
    at: float
    next: int


class Totals(NamedTuple):
    """Of a whole plan: files, and bytes in them."""

    files: int
    size: int


def write(files: Files, key: str, found: Iterable[Stat]) -> Totals:
    """Keep the list of files that there are now; return how many and how many bytes."""
    count = size = 0

    def lines() -> Iterator[bytes]:
        nonlocal count, size
        for stat in found:
            count, size = count + 1, size + stat.size
            yield json.dumps([stat.key, stat.size, stat.modified_at]).encode() + b"\n"

    files.write_stream(key, lines())
    return Totals(count, size)


def read(files: Files, key: str, start: int) -> Iterator[Planned]:
    """The plan from a byte on, which is the beginning of a line."""
    rest, at, ends = b"", start, start
    while chunk := files.part(key, at, CHUNK):
        at += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            ends += len(line) + 1
            found, size, modified_at = json.loads(line)
            yield Planned(found, size, modified_at, ends)
