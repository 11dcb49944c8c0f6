"""Two datasets side by side, and parts of one: difference, merger, split."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protege.datasets.rows import Row

SHOWN = 5


class Difference(NamedTuple):
    """What the second dataset has that the first has not, and the other way round.

    `changed`: same question, other answers. Counts are of all, samples of the first few.
    """

    added: int
    removed: int
    changed: int
    same: int
    samples: dict[str, list[str]]


def difference(before: Iterable[Row], after: Iterable[Row]) -> Difference:
    """Compare by question and answers. Memory: two hashes for each row of both."""
    old, new = _Content(before), _Content(after)
    changed = {
        q for q in old.answers.keys() & new.answers.keys() if old.answers[q] != new.answers[q]
    }
    added = new.answers.keys() - old.answers.keys()
    removed = old.answers.keys() - new.answers.keys()
    samples = {
        "added": new.questions(added),
        "removed": old.questions(removed),
        "changed": new.questions(changed),
    }
    same = len(old.answers.keys() & new.answers.keys()) - len(changed)
    return Difference(len(added), len(removed), len(changed), same, samples)


def merged(*datasets: Iterable[Row]) -> Iterator[Row]:
    """All rows, each distinct one once."""
    seen: set[bytes] = set()
    for row in (row for dataset in datasets for row in dataset):
        mark = _hash(f"{row.input}\0{row.good}\0{row.bad}")
        if mark not in seen:
            seen.add(mark)
            yield row


def held_out(row: Row, percent: int) -> bool:
    """Whether a row belongs to the smaller part of a split.

    Decided by its question alone: the same question is always on the same side.
    """
    return int.from_bytes(_hash(row.input.strip().lower())[:4], "big") % 100 < percent


class _Content:
    def __init__(self, rows: Iterable[Row]) -> None:
        self.answers: dict[bytes, frozenset[bytes]] = {}
        self._texts: dict[bytes, str] = {}
        for row in rows:
            question = _hash(row.input.strip().lower())
            answer = _hash(f"{row.good}\0{row.bad}")
            self.answers[question] = self.answers.get(question, frozenset()) | {answer}
            self._texts.setdefault(question, row.input[:80])

    def questions(self, marks: Iterable[bytes]) -> list[str]:
        return sorted(self._texts[mark] for mark in marks)[:SHOWN]


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=12).digest()
