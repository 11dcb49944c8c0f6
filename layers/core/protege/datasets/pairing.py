"""Right and wrong answers to the same question, brought together: preference pairs."""

from collections.abc import Iterable, Iterator

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


def _joined(row: Row, wrong: list[Row]) -> Row:
    for place, other in enumerate(wrong):
        if _plain(other.bad) != _plain(row.good):
            return row._replace(bad=wrong.pop(place).bad)
    return row


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
