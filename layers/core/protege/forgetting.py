"""What must not be used any more though model versions hold it: rejected, or taken back.

Append-only, under ids that sort by time, so that each process reads only what is new. A version is
never rewritten: what is forgotten is left out whenever one is loaded, also after a roll-back.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from protege.learning import Lesson
from protege.lessons import LATE_S, stamp
from protege.storage import Record, Records


class Forgotten(NamedTuple):
    """What one guild has forgotten."""

    ids: frozenset[str] = frozenset()
    """Lessons."""
    people: Mapping[str, str] = {}  # replaced, never changed
    """By person: all that they gave under ids that sort before this is gone."""

    def hides(self, lesson: Lesson) -> bool:
        """Whether the lesson must not be used."""
        return lesson.id in self.ids or self.withdrawn(lesson.author, lesson.id)

    def withdrawn(self, author: str, id: str) -> bool:
        """Whether the person took back what they gave under this id (it begins with a `stamp`)."""
        return id < self.people.get(author, "")


class Forgetting:
    """Every guild's forgotten lessons and people; `space` is the guild in every call."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now
        self._lock = threading.Lock()
        self._seen: dict[str, Forgotten] = {}
        self._seen_at: dict[str, float] = {}

    def forget(self, space: str, lesson: str, *, why: str, by: str) -> None:
        """Never use a lesson again, from the next question on."""
        self._bury(space, lesson, {"lesson": lesson, "why": why, "by": by})

    def forget_person(self, space: str, user: str) -> None:
        """Never use again what this person gave until now, whoever trains on it."""
        self._bury(space, user, {"author": user, "until": stamp(self._now())})

    def gone(self, space: str) -> Forgotten:
        """All that is forgotten; the same object as long as nothing was added."""
        with self._lock:
            now = self._now()
            after = stamp(max(0.0, self._seen_at.get(space, 0.0) - LATE_S))
            known = self._seen.get(space, Forgotten())
            for record in self._records.find(f"gone#{space}", after=after):
                known = _with(known, record)
            self._seen[space], self._seen_at[space] = known, now
            return known

    def _bury(self, space: str, what: str, fields: Mapping[str, str]) -> None:
        id = f"{stamp(self._now())}-{what}"
        self._records.put(f"gone#{space}", id, {**fields, "at": self._now()})


def _with(known: Forgotten, record: Record) -> Forgotten:
    """`known` itself where the record says nothing new."""
    lesson, author = record.fields.get("lesson", ""), record.fields.get("author", "")
    if lesson and lesson not in known.ids:
        return known._replace(ids=known.ids | {lesson})
    until = record.fields.get("until", "")
    if author and until > known.people.get(author, ""):
        return known._replace(people={**known.people, author: until})
    return known
