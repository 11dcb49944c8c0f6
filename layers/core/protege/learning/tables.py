"""Lessons' vectors: in memory, in a quarter of it, or in a local file."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from protege.learning import Vectors
from protege.learning.columns import Mask, Rows
from protege.learning.lines import Reading
from protege.learning.npy import described

BLOCK = 8192
"""Rows multiplied at once where they are not in memory as float32: 12 MB at 384 dims."""
LEVELS = 127


class Table(Protocol):
    """Unit rows. Two of these are what a version holds, the third is for its making."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and dims."""

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""

    def take(self, rows: Rows | Mask | slice) -> Vectors:
        """Some rows, shape (some, dims)."""

    def dot(self, questions: Vectors) -> Vectors:
        """Every question's products with every row; (questions, dims) gives (questions, rows)."""


class Dense(NamedTuple):
    """float32 in memory."""

    values: Vectors

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and dims."""
        rows, dims = self.values.shape
        return rows, dims

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.values.nbytes

    def take(self, rows: Rows | Mask | slice) -> Vectors:
        """Some rows."""
        return self.values[rows]

    def dot(self, questions: Vectors) -> Vectors:
        """Products with every row."""
        return questions @ self.values.T


class Small(NamedTuple):
    """int8 in memory, each row with its scale: a quarter of the size, rounded by 0.4 %."""

    values: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    """Shape (rows, 1)."""

    @classmethod
    def of(cls, vectors: Vectors) -> "Small":
        """Round rows; rounded once, they stay as they are."""
        largest = np.abs(vectors).max(1, keepdims=True, initial=0)
        scales = (np.where(largest > 0, largest, LEVELS) / LEVELS).astype(np.float32)
        return cls(np.rint(vectors / scales).astype(np.int8), scales)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and dims."""
        rows, dims = self.values.shape
        return rows, dims

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.values.nbytes + self.scales.nbytes

    def take(self, rows: Rows | Mask | slice) -> Vectors:
        """Some rows, as float32."""
        return self.values[rows] * self.scales[rows]

    def dot(self, questions: Vectors) -> Vectors:
        """Products with every row."""
        found = np.empty((len(questions), self.shape[0]), np.float32)
        for block in blocks(self.shape[0]):
            found[:, block] = questions @ self.values[block].astype(np.float32).T
        found *= self.scales[:, 0]
        return found


class Stored:
    """float32 in a local .npy file: no memory but for the rows in use."""

    def __init__(self, reading: Reading) -> None:
        (rows, dims), dtype, self._start = described(reading.at(0, 4096))
        if dtype != np.float32:
            raise ValueError(f"vectors of {dtype}")
        self._shape = rows, dims
        self._reading = reading

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and dims."""
        return self._shape

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return 0

    def take(self, rows: Rows | Mask | slice) -> Vectors:
        """Some rows."""
        if isinstance(rows, slice):
            start, stop, _ = rows.indices(self._shape[0])
            return self._read(start, max(0, stop - start))
        found = np.arange(self._shape[0])[rows]
        size = 4 * self._shape[1]
        parts = (self._reading.at(self._start + size * row, size) for row in found.tolist())
        return np.frombuffer(b"".join(parts), np.float32).reshape(-1, self._shape[1])

    def dot(self, questions: Vectors) -> Vectors:
        """Products with every row."""
        found = np.empty((len(questions), self._shape[0]), np.float32)
        for block in blocks(self._shape[0]):
            found[:, block] = questions @ self.take(block).T
        return found

    def _read(self, start: int, count: int) -> Vectors:
        size = 4 * self._shape[1]
        body = self._reading.at(self._start + size * start, size * count)
        return np.frombuffer(body, np.float32).reshape(count, self._shape[1])


def blocks(rows: int) -> Iterator[slice]:
    """Slices that cover so many rows."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))
