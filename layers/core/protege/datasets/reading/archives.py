"""The files inside a ZIP or gzip, each a stream, with bounds on all that a bomb could use.

Sources: https://www.bamsoftware.com/hacks/zipbomb/ for what bombs do; RFC 1952 for gzip's members.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protege.datasets.reading.limits import Limits
from protege.datasets.reading.source import peek
from protege.datasets.reading.words import BROKEN_ARCHIVE, NESTED
from protege.datasets.reading.zips import Trouble, Unpacking, entries
from protege.datasets.rows import Problem

GZIP = b"\x1f\x8b\x08"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
CHUNK = 1 << 16


class Found(NamedTuple):
    """A file that is no archive. `chunks` must be read before the next is asked for."""

    name: str
    chunks: Iterator[bytes]


def packed(head: bytes) -> bool:
    """Whether the bytes begin an archive."""
    return head.startswith((GZIP, *ZIP))


def files(chunks: Iterable[bytes], name: str, limits: Limits) -> Iterator[Found | Problem]:
    """What is inside an archive, and what in it cannot be read. Raises UserError for a document."""
    yield from _files(chunks, name, Unpacking(limits), 0)


def _files(
    chunks: Iterable[bytes], name: str, budget: Unpacking, depth: int
) -> Iterator[Found | Problem]:
    head, chunks = peek(chunks, len(GZIP) + 1)
    if not packed(head):
        yield Found(name, chunks)
    elif depth > budget.limits.nested:
        yield Problem(0, NESTED, name)
    elif head.startswith(GZIP):
        yield from _inside(_gzip(chunks, budget), name, budget, depth + 1)
    else:
        for entry in entries(chunks, name, budget, outermost=not depth):
            if isinstance(entry, Problem):
                yield entry
            else:
                yield from _inside(entry.chunks, entry.name, budget, depth + 1)


def _inside(
    chunks: Iterator[bytes], name: str, budget: Unpacking, depth: int
) -> Iterator[Found | Problem]:
    """The stream ends where it breaks: what came before is used, then the trouble is told."""
    troubles: list[Trouble] = []

    def until_it_breaks() -> Iterator[bytes]:
        try:
            yield from chunks
        except Trouble as trouble:
            troubles.append(trouble)

    yield from _files(until_it_breaks(), name, budget, depth)
    for trouble in troubles:
        yield Problem(0, trouble.why, name)


def _gzip(chunks: Iterable[bytes], budget: Unpacking) -> Iterator[bytes]:
    """The bytes of all members. Raises Trouble."""
    inside = budget.archive(0)
    member = None
    for chunk in chunks:
        inside.packed += len(chunk)
        while chunk:
            member = member or zlib.decompressobj(wbits=31)
            try:
                found = member.decompress(chunk, CHUNK)
            except zlib.error:
                raise Trouble(BROKEN_ARCHIVE) from None
            yield inside.counted(found)
            chunk = member.unconsumed_tail or member.unused_data.lstrip(b"\0")
            member = None if member.eof else member
    if member:
        raise Trouble(BROKEN_ARCHIVE)
