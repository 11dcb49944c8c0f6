"""Right and wrong answers to the same question, brought together: preference pairs."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from protege.datasets.rows import Row


def paired(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, those that only say what to answer joined by one that says what not to.

    A wrong answer joins the first right one to the same question that is not the same text; what
    finds no partner comes as it was, wrong answers last. Holds all rows in memory.
    """
    held = list(rows)
    wrong: dict[str, list[Row]] = {}
    for row in held:
        if not row.good:
            wrong.setdefault(_plain(row.input), []).append(row)
    for row in held:
        if row.good:
            yield row if row.bad else _joined(row, wrong.get(_plain(row.input), []))
    yield from (row for rest in wrong.values() for row in rest)


def paired_streams(read: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """The same for rows that can be read several times, holding only wrong answers that somebody
    gave a right one to, by their questions' 64-bit hashes. The others keep their order.
    """
    answered = {_hash(row.input) for row in read() if row.good}
    wrong: dict[int, list[Row]] = {}
    for place, row in enumerate(read()):
        if not row.good and _hash(row.input) in answered:
            wrong.setdefault(_hash(row.input), []).append(row._replace(number=place))
    for row in read():
        if row.good:
            yield row if row.bad or not wrong else _joined(row, wrong.get(_hash(row.input), []))
    left = {row.number for rest in wrong.values() for row in rest}
    for place, row in enumerate(read()):
        if not row.good and (place in left or _hash(row.input) not in answered):
            yield row


def _joined(row: Row, wrong: list[Row]) -> Row:
    for place, other in enumerate(wrong):
        if _plain(other.bad) != _plain(row.good):
            return row._replace(bad=wrong.pop(place).bad)
    return row


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(_plain(text).encode(), digest_size=8).digest())
