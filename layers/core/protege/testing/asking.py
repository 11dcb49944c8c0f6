"""Asking every side the same questions."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from protege.chat import Chat, Knowing, Recall
from protege.datasets.rows import Row
from protege.errors import Missing, Unavailable, UserError
from protege.learning import Embedder
from protege.learning.wording import normalise
from protege.testing.judging import NONE, Grade, Judge
from protege.testing.likeness import likenesses
from protege.testing.trial import NOW, Outcome, Side, Trial
from protege.text import Text

NO_VERSION = Text("There is no version v{version} here.", "Версии v{version} здесь нет.")

MANY = 10
"""So many questions in a row refused: it is not the questions."""


class Spent(UserError):
    """The guild's budget is used up: it was not the model that refused."""


class Answered(NamedTuple):
    """One side's answer before it is compared."""

    recall: Recall
    predicted: str
    grade: Grade
    failed: UserError | None = None


class Asker:
    """Asks; `judge` grades what is worded otherwise than expected.

    `check` raises UserError where the guild may spend no more.
    """

    def __init__(
        self, chat: Chat, embedder: Embedder, judge: Judge, check: Callable[[], None]
    ) -> None:
        self._chat = chat
        self._embedder = embedder
        self._judge = judge
        self._check = check

    def ask(
        self,
        space: str,
        sides: Sequence[Side],
        rows: Sequence[Row],
        locale: str,
        *,
        first: int,
        ends: float,
    ) -> list[Trial]:
        """Try rows until `ends` (of time.monotonic), at least one; `first` is its number.

        Raises where there is no answer even to the first: UserError (no such version, the budget
        is used up), Unavailable.
        """
        recalls = [self._recalls(space, side, rows, locale) for side in sides]
        tried = self._tried(rows, recalls, ends)
        _willing(tried)
        return list(self._compared(tried, first, locale))

    def _tried(
        self, rows: Sequence[Row], recalls: Sequence[list[Recall]], ends: float
    ) -> list[tuple[Row, list[Answered]]]:
        tried: list[tuple[Row, list[Answered]]] = []
        for row, *found in zip(rows, *recalls, strict=True):
            if tried and time.monotonic() > ends:
                break
            try:
                tried.append((row, [self._answer(row, recall) for recall in found]))
            except (Spent, Unavailable):
                if not tried:
                    raise
                break
        return tried

    def _recalls(self, space: str, side: Side, rows: Sequence[Row], locale: str) -> list[Recall]:
        questions = [row.input for row in rows]
        at = None if side.version == NOW else Knowing(side.version, side.trial)
        try:
            return self._chat.recalls(space, questions, locale, at=at)
        except Missing:
            raise UserError(NO_VERSION, version=side.version) from None

    def _answer(self, row: Row, recall: Recall) -> Answered:
        """A refusal of the model is an answer that failed; what is down or spent is not."""
        try:
            predicted = "".join(self._chat.answer(recall)).strip()
        except UserError as error:
            self._solvent()
            return Answered(recall, "", NONE, error)
        if not row.good:
            return Answered(recall, predicted, NONE)
        if normalise(predicted) == normalise(row.good):
            return Answered(recall, predicted, self._judge.same())
        return Answered(recall, predicted, self._judge.grade(row.input, row.good, predicted))

    def _solvent(self) -> None:
        try:
            self._check()
        except UserError as error:
            raise Spent(error.text, **error.values) from None

    def _compared(
        self, tried: Sequence[tuple[Row, list[Answered]]], first: int, locale: str
    ) -> Iterator[Trial]:
        pairs = [(one.predicted, row.good) for row, all in tried for one in all if row.good]
        alike = iter(likenesses(self._embedder, pairs))
        for number, (row, all) in enumerate(tried, first):
            outcomes = (_outcome(row, one, next(alike) if row.good else 0.0, locale) for one in all)
            yield Trial(number, row.input, row.good, tuple(outcomes))


def _willing(tried: Sequence[tuple[Row, list[Answered]]]) -> None:
    """Raises UserError where the model refused every question of many: more would too."""
    refusals = [one.failed for _, all in tried for one in all]
    if len(tried) >= MANY and all(refusals) and refusals[0]:
        raise refusals[0]


def _outcome(row: Row, one: Answered, similarity: float, locale: str) -> Outcome:
    verdict = one.recall.verdict
    return Outcome(
        version=one.recall.version,
        predicted=one.predicted,
        taught=verdict.lesson is not None,
        score=round(verdict.score, 4),
        threshold=round(verdict.threshold, 4),
        lesson=one.recall.lesson,
        exact=bool(row.good) and normalise(one.predicted) == normalise(row.good),
        similarity=round(similarity, 4),
        judged=one.grade.score,
        why=one.grade.why,
        failed=one.failed.to(locale) if one.failed else "",
    )
