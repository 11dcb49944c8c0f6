"""Lessons as columns of 64-bit hashes: compared by the hundred thousand without being read.

Two different texts share a hash once in some 10^9 guilds of 100,000 lessons; they are then taken
for the same.
"""

from array import array
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning import Lesson
from protege.learning.wording import draw, normalise

WORDING = 1
"""Grows when `normalise` changes: columns of older versions are then made anew when loaded."""
FOLDS = 5

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Columns(NamedTuple):
    """One entry for each lesson in each column; 0 stands for empty text."""

    ids: Hashes
    inputs: Hashes
    """`wording.draw` of the inputs."""
    answers: Hashes
    """`wording.draw` of the right answers."""
    keys: Hashes
    """Of input and both answers, normalised."""
    authors: Hashes

    @classmethod
    def of(cls, lessons: Iterable[Lesson]) -> "Columns":
        """Columns of lessons, which stream by."""
        gathering = Gathering()
        for lesson in lessons:
            gathering.add(lesson)
        return gathering.columns()

    @classmethod
    def stacked(cls, matrix: npt.NDArray[np.uint64]) -> "Columns":
        """What `matrix` gave. Raises ValueError where it is no such matrix."""
        if matrix.ndim != 2 or len(matrix) != len(cls._fields):
            raise ValueError(f"columns of shape {matrix.shape}")
        return cls(*matrix)

    @property
    def size(self) -> int:
        """How many lessons there are."""
        return len(self.ids)

    def matrix(self) -> npt.NDArray[np.uint64]:
        """All columns, shape (columns, lessons)."""
        return np.vstack(self)

    def take(self, rows: Rows | Mask) -> "Columns":
        """Some lessons' entries."""
        return Columns(*(column[rows] for column in self))

    def joined(self, more: "Columns") -> "Columns":
        """These lessons and then those."""
        return Columns(*(np.concatenate(both) for both in zip(self, more, strict=True)))

    def held_out(self) -> Mask:
        """Lessons whose questions trials are asked: the same fifth in every version."""
        found: Mask = self.inputs % np.uint64(FOLDS) == 0
        return found

    def inner(self) -> Mask:
        """Another fifth, independent of the one held out."""
        found: Mask = self.inputs // np.uint64(FOLDS) % np.uint64(FOLDS) == 0
        return found

    def by_draw(self) -> Rows:
        """Rows that have an answer, in an order that looks random and is stable."""
        rows = np.flatnonzero(self.answers)
        return rows[np.argsort(self.inputs[rows], kind="stable")]


class Gathering:
    """Columns of lessons that stream by on their way to somewhere else."""

    def __init__(self) -> None:
        self._rows = array("Q")

    def add(self, lesson: Lesson) -> Lesson:
        """Note a lesson and give it back."""
        self._rows.extend(_row(lesson))
        return lesson

    def columns(self) -> Columns:
        """Of all lessons so far."""
        rows = np.array(self._rows, np.uint64).reshape(-1, len(Columns._fields))
        return Columns(*np.ascontiguousarray(rows.T))


def hashed(text: str) -> int:
    """A text's hash; 0 for empty text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) if text else 0


def _row(lesson: Lesson) -> tuple[int, int, int, int, int]:
    texts = lesson.input, lesson.good, lesson.bad
    return (
        hashed(lesson.id),
        draw(lesson.input),
        draw(lesson.good) if lesson.good else 0,
        hashed("\0".join(map(normalise, texts))),
        hashed(lesson.author),
    )
