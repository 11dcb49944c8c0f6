"""What is asked to find out how good a model is, and of whom."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from protege.learning import Embedder, Lesson, Vectors
from protege.learning.columns import Columns, Rows
from protege.learning.fitting import fit_plain
from protege.learning.knowledge import Knowledge
from protege.learning.model import Model
from protege.learning.variants import variant

MOST_ROWS = 1000
"""Questions asked at most: the error of a share is below 0.02 then."""
MOST_VARIANTS = 100
FEW_ROWS, FEW_GROUPS = 100, 10


class Exam(NamedTuple):
    """`method`: see `evaluation.evaluate`; `rows`: lessons whose questions are asked, in order."""

    method: str
    rows: Rows
    usual: int
    """Hash of the answer that is given most often."""

    def questions(
        self, model: Model, rows: Rows, embedder: Embedder | None
    ) -> tuple[list[Lesson], Vectors]:
        """What is asked, with the answers that are right, and one vector for each."""
        shelf = model.known.shelf
        lessons = [shelf.lessons[int(row)] for row in rows]
        if self.method != "variants" or embedder is None:
            return lessons, shelf.table.take(rows)
        changed = [lesson._replace(input=variant(lesson.input)) for lesson in lessons]
        return changed, embedder.embed([lesson.input for lesson in changed])


class Candidate(NamedTuple):
    """Who is asked."""

    known: Knowledge
    threshold: float


def exam(columns: Columns, *, variants: bool) -> Exam:
    """What to ask a model that knows these lessons. `variants`: whether those can be embedded."""
    answers, given, counts = np.unique(columns.answers, return_inverse=True, return_counts=True)
    counts[answers == 0] = 0
    rows = columns.by_draw()
    if not len(rows):
        return Exam("none", rows, 0)
    usual = int(answers[np.argmax(counts)])
    several = rows[counts[given[rows]] > 1]
    if not len(several):
        return Exam("variants" if variants else "none", rows[:MOST_VARIANTS], usual)
    groups = len(np.unique(given[several]))
    if len(several) < FEW_ROWS or groups < FEW_GROUPS:
        return Exam("leave-one-out", several[:MOST_ROWS], usual)
    held = columns.held_out()
    left = np.isin(columns.answers[several], columns.answers[~held])
    return Exam("held-out", several[held[several] & left][:MOST_ROWS], usual)


def candidate(model: Model, method: str) -> Candidate:
    """A model as it is asked: as if it did not know the questions' answers by heart."""
    if method == "held-out":
        twin = model.tried()
        return Candidate(twin.known, twin.threshold)
    known = model.known
    if method == "leave-one-out" and known.head:
        known = known._replace(head=None)
        return Candidate(known, fit_plain(known))
    return Candidate(known, model.threshold)


def pieces(exam: Exam, size: int) -> Sequence[Rows]:
    """The exam's rows, some at a time."""
    return [exam.rows[at : at + size] for at in range(0, len(exam.rows), size)]
