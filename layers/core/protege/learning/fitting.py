"""What training fits: how rare n-grams are, the head, and the threshold of the gate."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.gate import fitted
from protege.learning.head import Head, train
from protege.learning.index import Index
from protege.learning.knowledge import Knowledge
from protege.learning.ngrams import grams, rarity
from protege.learning.rehearsal import Rehearsal, answer_of, by_draw
from protege.learning.wording import draw

MOST_CLASSES = 1000
GROUPED = 3
"""Rows an answer has on average in data that a head can learn from."""
SAMPLE = 400
"""Lessons whose scores the threshold is fitted to: its error is below 0.02 then."""
FOLDS = 5

Progress = Callable[[float], None]


def shelved(lessons: Sequence[Lesson], vectors: Vectors, embedder_id: str) -> Knowledge:
    """Lessons in an index, without a head."""
    rare = rarity([grams(lesson.input) for lesson in lessons])
    shelf = Index.of(lessons, np.asarray(vectors, np.float32), rare)
    return Knowledge(shelf, rare, None, embedder_id)


def fit_head(lessons: Sequence[Lesson], vectors: Vectors, progress: Progress) -> Head | None:
    """A head where several questions share an answer, None where there is nothing to learn."""
    given = [answer_of(lesson) for lesson in lessons]
    counts = Counter(answer for answer in given if answer)
    labels = sorted(answer for answer, count in counts.items() if count > 1)
    rows = [row for row, answer in enumerate(given) if counts.get(answer, 0) > 1]
    if not 2 <= len(labels) <= MOST_CLASSES or len(rows) < GROUPED * len(labels):
        return None
    column = {label: number for number, label in enumerate(labels)}
    classes = np.array([column[given[row]] for row in rows], np.int64)
    return train(vectors[rows], classes, labels, progress)


def fit_threshold(known: Knowledge, progress: Progress) -> float:
    """The gate's threshold for this knowledge.

    A head that saw a lesson cannot be asked about it. So where there is one, another is trained on
    four fifths of the lessons, and those of the last fifth are asked.
    """
    rows = by_draw(known.shelf.lessons)
    if known.head:
        held = {row for row in rows if not _inner_fold(known.shelf.lessons[row])}
        rest = [row for row in range(len(known.shelf.lessons)) if row not in held]
        lessons = [known.shelf.lessons[row] for row in rest]
        head = fit_head(lessons, known.shelf.vectors[rest], lambda share: progress(share / 2))
        known = known._replace(head=head)
        rows = [row for row in rows if row in held]
    return _rehearsed(known, rows[:SAMPLE], progress)


def _inner_fold(lesson: Lesson) -> int:
    """Independent of the fold that an evaluation holds out before it trains."""
    return draw(lesson.input) // FOLDS % FOLDS


def _rehearsed(known: Knowledge, rows: list[int], progress: Progress) -> float:
    rehearsal = Rehearsal(known)
    taught, untaught = [], []
    for number, row in enumerate(rows):
        progress(0.5 + 0.5 * number / len(rows))
        lesson, vector = known.shelf.lessons[row], known.shelf.vectors[row]
        choice = rehearsal.taught(lesson, vector)
        if choice and answer_of(choice.lesson) == answer_of(lesson):
            taught.append(choice.score)
        if len(known.shelf.lessons) > 1:
            untaught.append(rehearsal.untaught(lesson, vector))
    return fitted(taught, untaught)
