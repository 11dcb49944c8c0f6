"""The register of corrections.

A proposal is written first and changed only under the condition that nobody changed it meanwhile;
what follows from it (lesson, tombstone, queue entry) can be repeated without harm, so whoever is
interrupted is simply run again.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice

from protege.answers import Answer
from protege.datasets.rows import Row
from protege.errors import Conflict, Missing, UserError
from protege.forgetting import Forgetting
from protege.learning import Lesson
from protege.lessons import Lessons
from protege.proposals import Decision, Proposal
from protege.proposals.deciding import decided
from protege.shapes import shaped
from protege.storage import Record, Records
from protege.text import Text

GONE = Text(
    en="That correction is not here any more: whoever wrote it took it back.",
    ru="Этого исправления больше нет: автор его отозвал.",
)


class Proposals:
    """Every guild's corrections; `space` is the guild (or private chat) in every call."""

    def __init__(
        self,
        records: Records,
        lessons: Lessons,
        forgetting: Forgetting,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._lessons = lessons
        self._forgetting = forgetting
        self._now = now

    def correct(
        self, space: str, interaction: str, answer: Answer, better: str, author: str, *, live: bool
    ) -> Proposal:
        """Propose a better answer than the one given; with `live` the next answer knows it."""
        return self._propose(
            space,
            Proposal(
                id=self._lessons.new_id(space, interaction),
                question=answer.question,
                given=answer.text,
                better=better,
                author=author,
                at=self._now(),
                source=f"answer {answer.id}",
                version=answer.version,
                bad=answer.text if answer.lesson and better != answer.text else "",
            ),
            live,
        )

    def teach(
        self,
        space: str,
        interaction: str,
        question: str,
        better: str,
        by: tuple[str, str],
        *,
        live: bool,
    ) -> Proposal:
        """Propose an answer that nobody asked for. `by`: the person, and where it came from."""
        id = self._lessons.new_id(space, interaction)
        proposal = Proposal(id, question, "", better, by[0], self._now(), by[1])
        return self._propose(space, proposal, live)

    def pairs(self, space: str) -> Iterator[Row]:
        """Corrections that count, as preference pairs: the better answer and the one given."""
        counting = (p for p in self.every(space) if p.taught)
        for number, p in enumerate(counting, 1):
            yield Row(number, p.question, p.better, p.given, "corrections", p.author)

    def get(self, space: str, id: str) -> Proposal:
        """A proposal. Raises UserError."""
        return _proposal(self._record(space, id))

    def every(self, space: str) -> Iterator[Proposal]:
        """All of them, oldest first."""
        return map(_proposal, self._records.find(f"proposal#{space}"))

    def next(self, space: str, after: str = "") -> Proposal | None:
        """The oldest undecided one after this id."""
        for record in self._records.find(f"waiting#{space}", after=after):
            try:
                proposal = self.get(space, record.id)
            except UserError:
                proposal = None
            if proposal and not proposal.decided:
                return proposal
            self._records.delete(f"waiting#{space}", record.id)  # left by who was interrupted
        return None

    def waiting(self, space: str) -> int:
        """How many are undecided."""
        return sum(1 for _ in self._records.find(f"waiting#{space}"))

    def approved(self, space: str, limit: int) -> list[Proposal]:
        """The latest approved ones, newest first."""
        latest = map(_proposal, self._records.find(f"proposal#{space}", newest=True))
        return list(islice((p for p in latest if p.state == "approved"), limit))

    def decide(self, space: str, id: str, decision: Decision) -> Proposal:
        """Approve or reject; whoever comes second gets a UserError that says who was first."""
        while True:
            record = self._record(space, id)
            proposal = _proposal(record)
            if proposal.decision == decision.interaction:
                break
            proposal = decided(proposal, decision, self._now())
            try:
                self._put(space, proposal, expect=record.version)
            except Conflict:
                continue
            break
        self._carry_out(space, proposal)
        return proposal

    def remove(self, space: str, proposal: Proposal) -> None:
        """Delete a proposal and the lesson it has become."""
        self._records.delete(f"proposal#{space}", proposal.id)
        self._records.delete(f"waiting#{space}", proposal.id)
        for lesson in {proposal.id, proposal.taught, proposal.replaced} - {""}:
            self._lessons.remove(space, lesson)

    def _propose(self, space: str, proposal: Proposal, live: bool) -> Proposal:
        if live:
            proposal = proposal._replace(state="live", taught=proposal.id)
        try:
            self._put(space, proposal, expect=0)
        except Conflict:  # a second delivery
            proposal = self.get(space, proposal.id)
        if not proposal.decided:
            if proposal.taught:
                self._learn(space, proposal)
            self._records.put(f"waiting#{space}", proposal.id, {})
        return proposal

    def _carry_out(self, space: str, proposal: Proposal) -> None:
        if proposal.replaced:
            why, by = proposal.state, proposal.decided_by
            self._forgetting.forget(space, proposal.replaced, why=why, by=by)
        if proposal.taught and proposal.taught != proposal.id:
            self._learn(space, proposal)
        self._records.delete(f"waiting#{space}", proposal.id)

    def _learn(self, space: str, proposal: Proposal) -> None:
        lesson = Lesson(
            id=proposal.taught,
            input=proposal.question,
            good=proposal.better,
            bad=proposal.bad if proposal.bad != proposal.better else "",
            kind="correction",
            author=proposal.author,
            source=proposal.source,
        )
        self._lessons.add(space, lesson, given=proposal.given, version=proposal.version)

    def _put(self, space: str, proposal: Proposal, *, expect: int) -> None:
        self._records.put(f"proposal#{space}", proposal.id, proposal._asdict(), expect=expect)

    def _record(self, space: str, id: str) -> Record:
        try:
            return self._records.get(f"proposal#{space}", id)
        except (Missing, ValueError):  # storage refuses ids that could never be there
            raise UserError(GONE) from None


def _proposal(record: Record) -> Proposal:
    return shaped(Proposal, record.fields)
