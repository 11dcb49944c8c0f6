"""Two versions answer the same question blind; people say which answer is better.

A duel is put on record with both answers before anybody sees it, each vote under the duel and the
person: whoever votes again changes their vote. Both can be written twice without harm.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

from protege.arena.rating import Rating, Result, ratings
from protege.chat import Chat, Knowing, Recall
from protege.datasets.rows import Row
from protege.errors import Missing, UserError
from protege.shapes import in_order, shaped
from protege.storage import Record, Records
from protege.text import Text

DAY_S = 24 * 3600
Choice = Literal["a", "b", "tie", "bad"]
CHOICES: tuple[Choice, ...] = ("a", "b", "tie", "bad")
SCORES = {"a": 1.0, "b": 0.0, "tie": 0.5, "bad": 0.5}
"""What a vote counts for A; an answer that is as bad as the other is as good as the other."""
UNKNOWN = Text(
    "I do not know this comparison any more. Ask again with `/compare`.",
    "Я больше не помню этого сравнения. Спросите снова: `/compare`.",
)


class Side(NamedTuple):
    """One answer. `answer`: the id under which it can be corrected."""

    version: int
    text: str
    answer: str


class Duel(NamedTuple):
    """A question and two answers to it, A and B as people see them."""

    id: str
    question: str
    user: str
    locale: str
    a: Side
    b: Side

    @property
    def equal(self) -> bool:
        """Whether there is nothing to choose between."""
        return self.a.text == self.b.text


class Tally(NamedTuple):
    """How many people chose what."""

    a: int = 0
    b: int = 0
    tie: int = 0
    bad: int = 0

    @property
    def votes(self) -> int:
        """All of them."""
        return sum(self)


class Preferred(NamedTuple):
    """A vote as training data: which of two answers a person found better."""

    row: Row
    good: int
    """The version that gave the better answer."""
    bad: int
    at: float


class Arena:
    """Every guild's duels; `space` is the guild (or private chat) in every call."""

    def __init__(
        self,
        records: Records,
        chat: Chat,
        answer_days: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._chat = chat
        self._days = answer_days
        self._now = now

    def begin(
        self, space: str, id: str, question: str, who: tuple[str, str], versions: tuple[int, int]
    ) -> Duel:
        """Let both versions answer, in an order that only the id decides.

        `who`: the person and their locale. The same id again brings the same duel, unless its
        answers were equal: those are not kept, for nothing follows from them. Raises as
        `Chat.recalls` and `Chat.answer`.
        """
        try:
            return self.duel(space, id)
        except UserError:
            first, second = versions if blake2b(id.encode()).digest()[0] % 2 else versions[::-1]
        user, locale = who
        recalls = [self._recall(space, question, locale, version) for version in (first, second)]
        with ThreadPoolExecutor(2) as both:  # each may take as long as a worker may for one
            texts = list(both.map(self._said, recalls))
        ids = (f"{id}a", f"{id}b")
        for answer, recall, text in zip(ids, recalls, texts, strict=True):
            self._chat.remember(space, answer, recall, text, user)
        a, b = map(Side, (first, second), texts, ids)
        duel = Duel(id, question, user, locale, a, b)
        if not duel.equal:
            self._put(space, duel, self._now() + self._days * DAY_S)
        return duel

    def duel(self, space: str, id: str) -> Duel:
        """A duel on record. Raises UserError."""
        try:
            return _duel(self._records.get(f"duel#{space}", id))
        except (Missing, ValueError):  # storage refuses ids that could never be there
            raise UserError(UNKNOWN) from None

    def vote(self, space: str, id: str, user: str, choice: Choice) -> tuple[Duel, Tally]:
        """One vote a person; the last one counts. Raises UserError."""
        duel = self.duel(space, id)
        ballot = {"duel": id, "user": user, "choice": choice, "at": self._now()}
        self._records.put(f"ballot#{space}", f"{id}#{user}", ballot)
        self._put(space, duel, None)
        return duel, self.tally(space, id)

    def tally(self, space: str, id: str) -> Tally:
        """What people chose so far."""
        found = [r.fields["choice"] for r in self._records.find(f"ballot#{space}", prefix=f"{id}#")]
        return Tally(*(found.count(choice) for choice in CHOICES))

    def ratings(self, space: str) -> dict[int, Rating]:
        """How strong each version is that was ever voted upon; each duel counts once."""
        duels = {record.id: _duel(record) for record in self._records.find(f"duel#{space}")}
        scores: dict[str, list[float]] = {}
        for record in self._records.find(f"ballot#{space}"):
            scores.setdefault(record.fields["duel"], []).append(SCORES[record.fields["choice"]])
        return ratings(
            Result(duels[id].a.version, duels[id].b.version, sum(found) / len(found))
            for id, found in scores.items()
            if id in duels and duels[id].a.version != duels[id].b.version
        )

    def preferred(self, space: str) -> Iterator[Preferred]:
        """Every vote for one of two answers, as what to say and what not to, by who voted."""
        for number, record in enumerate(self._records.find(f"ballot#{space}"), 1):
            choice, user = record.fields["choice"], record.fields["user"]
            if choice not in ("a", "b"):
                continue
            try:
                duel = self.duel(space, record.fields["duel"])
            except UserError:  # its question was taken back
                continue
            good, bad = (duel.a, duel.b) if choice == "a" else (duel.b, duel.a)
            row = Row(number, duel.question, good.text, bad.text, f"duel {duel.id}", user)
            yield Preferred(row, good.version, bad.version, record.fields["at"])

    def _recall(self, space: str, question: str, locale: str, version: int) -> Recall:
        [recall] = self._chat.recalls(space, [question], locale, at=Knowing(version))
        return recall

    def _said(self, recall: Recall) -> str:
        return "".join(self._chat.answer(recall)).strip()

    def _put(self, space: str, duel: Duel, expires_at: float | None) -> None:
        """Only a duel that nobody votes upon is forgotten."""
        fields: Mapping[str, Any] = {**duel._asdict(), "a": [*duel.a], "b": [*duel.b]}
        self._records.put(f"duel#{space}", duel.id, fields, expires_at=expires_at)


def _duel(record: Record) -> Duel:
    fields = dict(record.fields)
    return shaped(Duel, {**fields, **{side: in_order(Side, fields[side]) for side in "ab"}})
