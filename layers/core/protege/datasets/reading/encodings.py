"""From bytes in whatever encoding to text, as a stream.

UTF-8 and UTF-16/32 by their marks; UTF-16 without one by its zeros; else ASCII until the first
other byte, and what follows it decides between UTF-8, the Cyrillic code pages and Western Europe's.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from protege.datasets.reading.codepages import likeliest
from protege.datasets.reading.source import peek

SAMPLE = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Those of 32 bits before those of 16: one begins like the other."""
NOT_ASCII = re.compile("[^\0-\x7f]")
ESCAPED = re.compile("[\udc80-\udcff]")
"""What the error handler surrogateescape makes of bytes that are no UTF-8."""
USUAL = re.compile("[\t\r\n -\u04ff\u2010-\u2122]")
"""What texts in European languages are made of."""


def wide(head: bytes) -> str:
    """The name of the UTF-16 or UTF-32 that the bytes are in, "" if neither is evident."""
    for mark, name in MARKS[1:]:
        if head.startswith(mark):
            return name
    return _unmarked(head[:4096]) if b"\0" in head[:4096] else ""


def texts(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text, piece by piece. A byte that is none in UTF-8 becomes a lone surrogate."""
    head, chunks = peek(chunks, SAMPLE)
    if encoding := wide(head):
        decoded = _decode(chunks, encoding, "replace")
    elif head.startswith(codecs.BOM_UTF8):
        decoded = _decode(chunks, "utf-8", "surrogateescape")
    else:
        decoded = _narrow(iter(chunks))
    yield from _without_mark(decoded)


def _without_mark(decoded: Iterator[str]) -> Iterator[str]:
    for first in decoded:
        yield first.removeprefix("\ufeff")
        break
    yield from decoded


def _narrow(chunks: Iterator[bytes]) -> Iterator[str]:
    for chunk in chunks:
        if chunk.isascii():
            yield chunk.decode("ascii")
        else:
            sample, rest = peek(chain((chunk,), chunks), SAMPLE)
            sample = sample[_first(sample) :][:SAMPLE]
            encoding = "utf-8" if _is_utf8(sample) else likeliest(sample)
            errors = "surrogateescape" if encoding == "utf-8" else "replace"
            yield from _decode(rest, encoding, errors)


def _decode(chunks: Iterable[bytes], encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def _first(sample: bytes) -> int:
    """Where the first byte that is no ASCII stands."""
    return re.search(rb"[^\0-\x7f]", sample).start()  # type: ignore[union-attr]


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, maybe with a few damaged letters."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    return len(ESCAPED.findall(text)) * 5 <= len(NOT_ASCII.findall(text))


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark: one of the two readings is made of letters that people use."""
    even = head[: len(head) // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        text = even.decode(name, "replace")
        if text and len(USUAL.findall(text)) >= len(text) * 0.9:
            return name
    return ""
