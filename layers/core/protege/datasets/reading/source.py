"""Looking at the beginning of a stream without losing it."""

from collections.abc import Iterable, Iterator
from itertools import chain


def pieces(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes, no piece longer than `size`, none empty."""
    for chunk in chunks:
        if 0 < len(chunk) <= size:
            yield chunk
        else:
            for at in range(0, len(chunk), size):
                yield chunk[at : at + size]


def peek(chunks: Iterable[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """At least `size` bytes from the start, or all there are; and a stream of everything."""
    source = iter(chunks)
    found: list[bytes] = []
    count = 0
    for chunk in source:
        found.append(chunk)
        count += len(chunk)
        if count >= size:
            break
    head = b"".join(found)
    return head, chain((head,), source) if head else source


def peek_text(texts: Iterable[str], size: int) -> tuple[str, bool, Iterator[str]]:
    """Like `peek`: the beginning, whether that is all, and a stream of everything."""
    source = iter(texts)
    found: list[str] = []
    count = 0
    for text in source:
        found.append(text)
        count += len(text)
        if count >= size:
            return "".join(found), False, chain(found, source)
    return "".join(found), True, iter(found)
