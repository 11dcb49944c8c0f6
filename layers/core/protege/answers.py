"""Answers that were given, and what people think of them: votes and remarks.

What a second delivery of the same interaction brings is written over the first, not beside it.
No numpy here: the ingress suggests recent answers while a person types.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, TypeVar

from protege.errors import Missing, UserError
from protege.shapes import shaped
from protege.storage import Record, Records
from protege.text import Text

DAY_S = 24 * 3600
SHOWN = 100
LOOKED_AT = 500
"""So many votes and answers at most are looked through, newest first."""
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
    expected: str = ""
    """The right answer, where it was a test's and known."""


class Shown(NamedTuple):
    """A message that shows an answer; beginnings of the question and the answer."""

    message: str
    question: str
    text: str


Kind = TypeVar("Kind", "Answer", "Vote", "Remark")


class Vote(NamedTuple):
    """What a person thought of an answer: 1 or -1. `given`: its text."""

    answer: str
    question: str
    given: str
    version: int
    user: str
    value: int
    at: float


class Remark(NamedTuple):
    """A remark, and the latest answer that its author had got, if any."""

    text: str
    user: str
    at: float
    question: str = ""
    given: str = ""
    version: int = 0


class Answers:
    """What was answered, and how people took it; `space` is the guild (or private chat)."""

    def __init__(
        self, records: Records, answer_days: int, now: Callable[[], float] = time.time
    ) -> None:
        self._records = records
        self._answer_days = answer_days
        self._now = now

    def remember(self, space: str, answer: Answer) -> None:
        """Keep an answer for as long as it may be corrected."""
        fields = answer._asdict() | {"at": self._now()}
        self._put_for_days(f"answer#{space}", answer.id, fields)

    def shown(self, space: str, answer_id: str, message_id: str) -> None:
        """Keep which message shows an answer, and enough of both to suggest it."""
        answer = self.given(space, answer_id)
        fields: dict[str, object] = {
            "answer": answer_id,
            "question": answer.question[:SHOWN],
            "text": answer.text[:SHOWN],
        }
        self._put_for_days(f"message#{space}", message_id, fields)

    def given(self, space: str, answer_id: str) -> Answer:
        """An answer by its id. Raises UserError."""
        return _answer(self._known(f"answer#{space}", answer_id))

    def given_in(self, space: str, message_id: str) -> Answer:
        """The answer that a message shows. Raises UserError."""
        return self.given(space, self._known(f"message#{space}", message_id).fields["answer"])

    def recent(self, space: str, limit: int) -> Iterator[Shown]:
        """The latest answers, newest first."""
        for record in self._records.find(f"message#{space}", newest=True, limit=limit):
            yield Shown(record.id, record.fields["question"], record.fields["text"])

    def vote(self, space: str, answer: Answer, user: str, value: int) -> None:
        """A thumb up (1) or down (-1); the last one of each person counts."""
        vote = Vote(
            answer.id, answer.question, answer.text, answer.version, user, value, self._now()
        )
        self._records.put(f"vote#{space}", f"{answer.id}#{user}", vote._asdict())

    def votes_down(self, space: str, limit: int) -> list[Vote]:
        """Answers that did not help, the latest asked first."""
        latest = self._records.find(f"vote#{space}", newest=True, limit=LOOKED_AT)
        found = (_read(Vote, record) for record in latest)
        return list(islice((vote for vote in found if vote.value < 0), limit))

    def remark(self, space: str, id: str, user: str, text: str) -> None:
        """Feedback in a person's own words, with the answer that they had just got."""
        answer = self._latest(space, user)
        about = (answer.question, answer.text, answer.version) if answer else ("", "", 0)
        remark = Remark(text, user, self._now(), *about)
        self._records.put(f"remark#{space}", id, remark._asdict())

    def remarks(self, space: str, limit: int) -> list[Remark]:
        """The latest remarks, newest first."""
        found = self._records.find(f"remark#{space}", newest=True, limit=limit)
        return [_read(Remark, record) for record in found]

    def _latest(self, space: str, user: str) -> Answer | None:
        latest = self._records.find(f"answer#{space}", newest=True, limit=LOOKED_AT)
        return next((_answer(r) for r in latest if r.fields["user"] == user), None)

    def _put_for_days(self, kind: str, id: str, fields: Mapping[str, object]) -> None:
        ends = self._now() + self._answer_days * DAY_S
        self._records.put(kind, id, fields, expires_at=ends)

    def _known(self, kind: str, id: str) -> Record:
        try:
            return self._records.get(kind, id)
        except (Missing, ValueError):  # storage refuses ids that could never be there
            raise UserError(UNKNOWN_ANSWER) from None


def _answer(record: Record) -> Answer:
    return _read(Answer, record)


def _read(kind: type[Kind], record: Record) -> Kind:
    return shaped(kind, record.fields)
