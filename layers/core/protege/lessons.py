"""Answers that were given, and what people said of them: corrections, votes, remarks.

Corrections are lessons at once. Everything is append-only, and what a second delivery of the same
interaction brings is written over the first, not beside it.
"""

import base64
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from protege.errors import Conflict, Missing, UserError
from protege.learning import Embedder, Lesson, Vectors
from protege.storage import Record, Records
from protege.text import Text

DAY_S = 24 * 3600
UNKNOWN_ANSWER = Text(
    en="I do not know that message as one of my answers. Use the id of an answer to `/ask`.",
    ru="Я не знаю такого своего ответа. Нужен id сообщения с ответом на `/ask`.",
)


class Answer(NamedTuple):
    """An answer that was given. `id` is that of the interaction which asked."""

    id: str
    question: str
    text: str
    user: str
    version: int
    """The model version that answered; 0 before the first training."""
    lesson: str
    """The lesson it came from; empty where it was not taught."""


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
        answer_days: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._embedder = embedder
        self._answer_days = answer_days
        self._now = now

    def remember(self, space: str, answer: Answer) -> None:
        """Keep an answer for as long as it may be corrected."""
        fields = answer._asdict() | {"at": self._now()}
        self._put_for_days(f"answer#{space}", answer.id, fields)

    def shown(self, space: str, answer_id: str, message_id: str) -> None:
        """Keep which message shows an answer."""
        self._put_for_days(f"message#{space}", message_id, {"answer": answer_id})

    def answer(self, space: str, answer_id: str) -> Answer:
        """An answer by its id. Raises UserError."""
        return _answer(self._known(f"answer#{space}", answer_id))

    def answer_in(self, space: str, message_id: str) -> Answer:
        """The answer that a message shows. Raises UserError."""
        return self.answer(space, self._known(f"message#{space}", message_id).fields["answer"])

    def recent_answers(self, space: str, limit: int) -> Iterator[tuple[str, Answer]]:
        """(message id, answer) of the latest answers, newest first."""
        for record in self._records.find(f"message#{space}", newest=True, limit=limit):
            try:
                yield record.id, self.answer(space, record.fields["answer"])
            except UserError:
                continue

    def correct(self, space: str, id: str, answer: Answer, better: str, author: str) -> Lesson:
        """Learn that `better` is the right answer to the question; the next answer knows it."""
        lesson = Lesson(
            id=self._lesson_id(space, id),
            input=answer.question,
            good=better,
            bad="" if better == answer.text or not answer.lesson else answer.text,
            kind="correction",
            author=author,
            source=f"answer {answer.id}",
        )
        embedder = self._embedder()
        fields = lesson._asdict() | {
            "at": self._now(),
            "answered_by": answer.version,
            "given": answer.text,
            "embedder": embedder.id,
            "vector": _packed(embedder.embed([lesson.input])),
        }
        self._records.put(f"lesson#{space}", lesson.id, fields)
        return lesson

    def corrections(self, space: str, after: str = "") -> Iterator[Correction]:
        """Corrections in the order they were given, whose lesson id sorts after `after`."""
        for record in self._records.find(f"lesson#{space}", after=after):
            lesson = Lesson(**{name: record.fields[name] for name in Lesson._fields})
            yield Correction(lesson, _vector(record.fields["vector"]), record.fields["embedder"])

    def vote(self, space: str, answer: Answer, user: str, value: int) -> None:
        """A thumb up (1) or down (-1); the last one of each person counts."""
        fields = {"answer": answer.id, "value": value, "user": user, "at": self._now()}
        fields |= {"question": answer.question, "given": answer.text, "version": answer.version}
        self._records.put(f"vote#{space}", f"{answer.id}#{user}", fields)

    def remark(self, space: str, id: str, user: str, text: str) -> None:
        """Feedback in a person's own words."""
        self._records.put(f"remark#{space}", id, {"text": text, "user": user, "at": self._now()})

    def _lesson_id(self, space: str, interaction: str) -> str:
        """A new id that sorts by time, or the one already given to this interaction."""
        fields = {"lesson": f"{stamp(self._now())}-{interaction}"}
        try:
            self._records.put(f"origin#{space}", interaction, fields, expect=0)
        except Conflict:
            fields = dict(self._records.get(f"origin#{space}", interaction).fields)
        return fields["lesson"]

    def _put_for_days(self, kind: str, id: str, fields: dict[str, object]) -> None:
        ends = self._now() + self._answer_days * DAY_S
        self._records.put(kind, id, fields, expires_at=ends)

    def _known(self, kind: str, id: str) -> Record:
        try:
            return self._records.get(kind, id)
        except Missing:
            raise UserError(UNKNOWN_ANSWER) from None


def stamp(seconds: float) -> str:
    """A time as the beginning of a lesson's id: ids sort as lessons were given."""
    return f"{int(seconds * 1000):014d}"


def _answer(record: Record) -> Answer:
    return Answer(**{name: record.fields[name] for name in Answer._fields})


def _packed(row: Vectors) -> str:
    return base64.b64encode(np.ascontiguousarray(row, np.float32).tobytes()).decode()


def _vector(packed: str) -> Vectors:
    return np.frombuffer(base64.b64decode(packed), np.float32).reshape(1, -1)
