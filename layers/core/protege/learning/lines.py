"""Lessons as lines of JSON, each read when it is asked for; and files read here and there."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt

from protege.learning import Lesson
from protege.shapes import shaped

CHUNK = 1 << 20


class Reading(Protocol):
    """Bytes that can be read anywhere."""

    def at(self, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` at the end."""


class InMemory:
    """Bytes that are there."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def at(self, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` at the end."""
        return self._body[start : start + length]


class OnDisk:
    """A local file, held open; threads may share it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()

    def at(self, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` at the end."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)

    def __del__(self) -> None:
        self._file.close()


class Lines(Sequence[Lesson]):
    """Lessons in the order of their lines."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._bounds = _bounds(reading)

    @property
    def nbytes(self) -> int:
        """Size of all lines."""
        return int(self._bounds[-1])

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, row: int) -> Lesson: ...
    @overload
    def __getitem__(self, row: slice) -> "Sequence[Lesson]": ...
    def __getitem__(self, row: int | slice) -> "Lesson | Sequence[Lesson]":
        if isinstance(row, slice):
            return tuple(self[one] for one in range(*row.indices(len(self))))
        return shaped(Lesson, json.loads(self.raw(range(len(self))[row])))

    def raw(self, row: int) -> bytes:
        """A line as it stands, its end included."""
        start = int(self._bounds[row])
        return self._reading.at(start, int(self._bounds[row + 1]) - start)


def line(lesson: Lesson) -> bytes:
    """A lesson as a line. JSON escapes what else would end it (U+2028 and its kind)."""
    return (json.dumps(lesson._asdict()) + "\n").encode()


def raws(lessons: Sequence[Lesson], rows: Iterable[int]) -> Iterator[bytes]:
    """Lines of some lessons, as they stand where they are lines already."""
    for row in rows:
        yield lessons.raw(row) if isinstance(lessons, Lines) else line(lessons[row])


def _bounds(reading: Reading) -> npt.NDArray[np.int64]:
    """Where lines begin, and where the last one ends."""
    found, start = [np.zeros(1, np.int64)], 0
    while chunk := reading.at(start, CHUNK):
        found.append(np.flatnonzero(np.frombuffer(chunk, np.uint8) == 10) + start + 1)
        start += len(chunk)
    return np.concatenate(found)
