"""Corrections: lessons at once, append-only, each under an id that sorts by time."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from protege.errors import Conflict
from protege.learning import Embedder, Lesson, Vectors
from protege.storage import Records

LATE_S = 20 * 60
"""A record may appear this long after its id's time: retries last 15 minutes, clocks differ."""


class Correction(NamedTuple):
    """A lesson from a correction, with its vector made by `embedder`."""

    lesson: Lesson
    vector: Vectors
    embedder: str


class Lessons:
    """One guild's people teach; `space` is the guild (or private chat) in every call."""

    def __init__(
        self,
        records: Records,
        embedder: Callable[[], Embedder],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._embedder = embedder
        self._now = now

    def add(self, space: str, lesson: Lesson, *, given: str = "", version: int = 0) -> None:
        """Learn a lesson; the next answer knows it. Written twice, it is there once.

        `given`: the answer that it mends, `version`: the model version that gave it.
        """
        embedder = self._embedder()
        fields = lesson._asdict() | {
            "at": self._now(),
            "answered_by": version,
            "given": given,
            "embedder": embedder.id,
            "vector": _packed(embedder.embed([lesson.input])),
        }
        self._records.put(f"lesson#{space}", lesson.id, fields)

    def corrections(self, space: str, after: str = "") -> Iterator[Correction]:
        """Corrections in the order they were given, whose lesson id sorts after `after`."""
        for record in self._records.find(f"lesson#{space}", after=after):
            lesson = Lesson(**{name: record.fields[name] for name in Lesson._fields})
            yield Correction(lesson, _vector(record.fields["vector"]), record.fields["embedder"])

    def remove(self, space: str, id: str) -> None:
        """Delete a lesson's record. Versions trained on it still hold it (see `forgetting`)."""
        self._records.delete(f"lesson#{space}", id)

    def new_id(self, space: str, interaction: str) -> str:
        """A new id that sorts by time, or the one already given to this interaction."""
        fields = {"lesson": f"{stamp(self._now())}-{interaction}"}
        try:
            self._records.put(f"origin#{space}", interaction, fields, expect=0)
        except Conflict:
            fields = dict(self._records.get(f"origin#{space}", interaction).fields)
        return fields["lesson"]


class Recent:
    """Corrections in memory: only those since the last call are read from storage."""

    def __init__(self, lessons: Lessons, now: Callable[[], float] = time.time) -> None:
        self._lessons = lessons
        self._now = now
        self._seen: dict[str, dict[str, Correction]] = {}
        self._seen_at: dict[str, float] = {}

    def corrections(self, space: str) -> list[Correction]:
        """Every correction in the order they were given."""
        now = self._now()
        after = stamp(max(0.0, self._seen_at.get(space, 0.0) - LATE_S))
        seen = self._seen.setdefault(space, {})
        for correction in self._lessons.corrections(space, after):
            seen.setdefault(correction.lesson.id, correction)
        self._seen_at[space] = now
        return [seen[id] for id in sorted(seen)]

    def drop(self, space: str) -> None:
        """Free the memory that a guild takes."""
        self._seen.pop(space, None)
        self._seen_at.pop(space, None)


def stamp(seconds: float) -> str:
    """A time as the beginning of a lesson's id: ids sort as lessons were given."""
    return f"{int(seconds * 1000):014d}"


def _packed(row: Vectors) -> str:
    return base64.b64encode(np.ascontiguousarray(row, np.float32).tobytes()).decode()


def _vector(packed: str) -> Vectors:
    return np.frombuffer(base64.b64decode(packed), np.float32).reshape(1, -1)
