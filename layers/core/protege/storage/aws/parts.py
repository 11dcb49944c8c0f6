"""Streams of unknown length into S3, which wants to know lengths: part by part."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from protege.storage import Files

PART = 8 << 20
"""Bytes sent at a time: 10,000 of them are 80 GB."""


def store(files: Files, key: str, chunks: Iterable[bytes]) -> int:
    """Store a stream whole or not at all, in one request where it is short; return its size."""
    parts = _parts(chunks)
    first, second = next(parts, b""), next(parts, b"")
    if not second:
        files.write(key, first)
        return len(first)
    upload = files.begin(key)
    try:
        return _send(files, key, upload, (first, second), parts)
    except BaseException:
        files.abandon(key, upload)
        raise


def _send(
    files: Files, key: str, upload: str, first: Sequence[bytes], rest: Iterator[bytes]
) -> int:
    tags, size = [], 0
    for number, body in enumerate(chain(first, rest), 1):
        tags.append(files.put_part(key, upload, number, body))
        size += len(body)
    files.finish(key, upload, tags)
    return size


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts that S3 takes."""
    part = bytearray()
    for chunk in chunks:
        part += chunk
        if len(part) >= PART:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)
