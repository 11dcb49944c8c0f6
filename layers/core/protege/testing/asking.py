"""Asking every side the same questions."""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from protege.chat import Chat, Knowing, Recall
from protege.datasets.rows import Row
from protege.errors import Missing, Unavailable, UserError
from protege.learning import Embedder
from protege.learning.model import WrongEmbedder, normalise
from protege.testing.judging import NONE, Grade, Judge
from protege.testing.likeness import likenesses
from protege.testing.trial import NOW, Outcome, Side, Trial
from protege.text import Text

NO_VERSION = Text("There is no version v{version} here.", "Версии v{version} здесь нет.")
OTHER_EMBEDDER = Text(
    "Version v{version} was trained with another embedder and cannot be asked with this one.",
    "Версия v{version} обучена с другими векторами, и с нынешними её не спросить.",
)


class Answered(NamedTuple):
    """One side's answer before it is compared."""

    recall: Recall
    predicted: str
    failed: str
    grade: Grade


class Asker:
    """Asks; `judge` grades what is worded otherwise than expected."""

    def __init__(self, chat: Chat, embedder: Embedder, judge: Judge) -> None:
        self._chat = chat
        self._embedder = embedder
        self._judge = judge

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

        Raises UserError where a side does not exist, Unavailable where there is no answer even to
        the first.
        """
        recalls = [self._recalls(space, side, rows, locale) for side in sides]
        tried: list[tuple[Row, list[Answered]]] = []
        for row, *found in zip(rows, *recalls, strict=True):
            if tried and time.monotonic() > ends:
                break
            try:
                tried.append((row, [self._answer(row, recall, locale) for recall in found]))
            except Unavailable:
                if not tried:
                    raise
                break
        return list(self._compared(tried, first))

    def _recalls(self, space: str, side: Side, rows: Sequence[Row], locale: str) -> list[Recall]:
        questions = [row.input for row in rows]
        at = None if side.version == NOW else Knowing(side.version, side.trial)
        try:
            return self._chat.recalls(space, questions, locale, at=at)
        except Missing:
            raise UserError(NO_VERSION, version=side.version) from None
        except WrongEmbedder:
            raise UserError(OTHER_EMBEDDER, version=side.version) from None

    def _answer(self, row: Row, recall: Recall, locale: str) -> Answered:
        """A refusal of the model is an answer that failed; what is down is another matter."""
        try:
            predicted = "".join(self._chat.answer(recall)).strip()
        except UserError as error:
            return Answered(recall, "", error.to(locale), NONE)
        if not row.good:
            return Answered(recall, predicted, "", NONE)
        if normalise(predicted) == normalise(row.good):
            return Answered(recall, predicted, "", self._judge.same())
        return Answered(recall, predicted, "", self._judge.grade(row.input, row.good, predicted))

    def _compared(self, tried: Sequence[tuple[Row, list[Answered]]], first: int) -> Iterator[Trial]:
        pairs = [(one.predicted, row.good) for row, all in tried for one in all if row.good]
        alike = iter(likenesses(self._embedder, pairs))
        for number, (row, all) in enumerate(tried, first):
            outcomes = (_outcome(row, one, next(alike) if row.good else 0.0) for one in all)
            yield Trial(number, row.input, row.good, tuple(outcomes))


def _outcome(row: Row, one: Answered, similarity: float) -> Outcome:
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
        failed=one.failed,
    )
