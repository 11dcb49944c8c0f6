"""From a file to its rows: what is it, and who reads that?"""

from collections.abc import Iterable, Iterator

from protege.datasets.reading.archives import files, packed
from protege.datasets.reading.binary import kind
from protege.datasets.reading.encodings import texts, wide
from protege.datasets.reading.fields import Maker
from protege.datasets.reading.formats import rows
from protege.datasets.reading.limits import DEFAULT, Limits
from protege.datasets.reading.source import peek, pieces
from protege.datasets.reading.words import (
    EMPTY,
    NO_TEXT_INSIDE,
    TOO_MANY,
    TOO_MANY_LINES,
    filled,
    not_text,
)
from protege.datasets.rows import Problem, Row
from protege.text import Text

HEAD = 4096


def read(
    chunks: Iterable[bytes], name: str, *, answers: bool = True, limits: Limits = DEFAULT
) -> Iterator[Row | Problem]:
    """The rows of a file and what could not be used of it, in order, in flat memory.

    `chunks`: the file's bytes, cut anywhere. `name`: shown, never believed nor used as a path.
    `answers`: whether a row without an answer is a problem (to learn from) or fine (to test with).
    Raises NotText for what is clearly no text, on the first `next`.
    """
    counted = Counted(limits.lines)
    opened = _opened(pieces(chunks, limits.line), name, answers, limits, counted)
    count = 0
    for count, item in enumerate(opened, 1):
        if count > limits.rows:
            yield Problem(item.number, filled(TOO_MANY, limit=limits.rows), item.file)
            return
        yield item
    if counted.left < 0:
        yield Problem(0, filled(TOO_MANY_LINES, limit=limits.lines), name)
    elif not count:
        yield Problem(0, EMPTY, name)


class Counted:
    """Texts of several files, until they have had too many lines."""

    def __init__(self, most: int) -> None:
        self.left = most

    def texts(self, chunks: Iterable[bytes]) -> Iterator[str]:
        """The text of one file."""
        for text in texts(chunks):
            self.left -= max(text.count("\n"), text.count("\r"))
            if self.left < 0:
                return
            yield text


def decode(name: str, body: bytes) -> str:
    """The text of a document in any encoding that `read` knows. Raises NotText for others."""
    if found := _no_text(body[:HEAD]):
        raise not_text(name, found)
    return "".join(texts([body])).encode("utf-8", "replace").decode()


def _opened(
    chunks: Iterable[bytes], name: str, answers: bool, limits: Limits, counted: Counted
) -> Iterator[Row | Problem]:
    head, chunks = peek(chunks, HEAD)
    if packed(head):
        return _unpacked(chunks, name, answers, limits, counted)
    if found := _no_text(head):
        raise not_text(name, found)
    return rows(counted.texts(chunks), Maker(name, answers, limits))


def _unpacked(
    chunks: Iterable[bytes], name: str, answers: bool, limits: Limits, counted: Counted
) -> Iterator[Row | Problem]:
    for found in files(chunks, name, limits):
        if isinstance(found, Problem):
            yield found
            continue
        head, inner = peek(found.chunks, HEAD)
        make = Maker(found.name, answers, limits)
        if what := _no_text(head):
            yield make.problem(0, filled(NO_TEXT_INSIDE, kind=what))
        else:
            yield from rows(counted.texts(inner), make)


def _no_text(head: bytes) -> Text | None:
    return None if wide(head) else kind(head)
