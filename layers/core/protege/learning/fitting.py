"""What training fits: the head, and the threshold of the gate."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning import Lesson, Vectors
from protege.learning.gate import fitted
from protege.learning.head import Head, train
from protege.learning.index import HIDDEN
from protege.learning.knowledge import Knowledge
from protege.learning.wording import draw, normalise

MOST_CLASSES = 1000
GROUPED = 3
"""Rows an answer has on average in data that a head can learn from."""
SAMPLE = 400
"""Lessons whose scores the threshold is fitted to: its error is below 0.01 then."""
FOLDS = 5

Progress = Callable[[float], None]
Rows = npt.NDArray[np.int64]


class Scores(NamedTuple):
    """What the gate sees where it should open (`taught`) and where it should not."""

    taught: list[float]
    untaught: list[float]


def answers(lessons: Sequence[Lesson]) -> list[str]:
    """The normalised answer of each lesson; empty for one that has none."""
    return [normalise(lesson.good) if lesson.good else "" for lesson in lessons]


def fit_head(lessons: Sequence[Lesson], vectors: Vectors, progress: Progress) -> Head | None:
    """A head where several questions share an answer, None where there is nothing to learn."""
    given = answers(lessons)
    counts = Counter(answer for answer in given if answer)
    labels = sorted(answer for answer, count in counts.items() if count > 1)
    rows = np.flatnonzero([counts.get(answer, 0) > 1 for answer in given])
    if not 2 <= len(labels) <= MOST_CLASSES or len(rows) < GROUPED * len(labels):
        return None
    column = {label: number for number, label in enumerate(labels)}
    classes = np.array([column[given[row]] for row in rows], np.int64)
    return train(vectors[rows], classes, labels, progress)


def threshold(known: Knowledge, progress: Progress) -> float:
    """The gate's threshold. Each sampled lesson is asked twice, as if it had not been taught:

    once without itself (its answer can be found: taught), once without its whole answer.
    """
    scores = rehearse(known, progress)
    return fitted(scores.taught, scores.untaught)


def rehearse(known: Knowledge, progress: Progress) -> Scores:
    """The scores of both kinds. A head that saw a lesson cannot be asked about it: another is
    trained on four fifths, and the lessons of the last fifth are asked."""
    given = answers(known.shelf.lessons)
    asked = [row for row in _by_draw(known.shelf.lessons) if given[row]]
    if known.head:
        held = {row for row in asked if not draw(known.shelf.lessons[row].input) % FOLDS}
        rest = [row for row in range(len(given)) if row not in held]
        lessons = [known.shelf.lessons[row] for row in rest]
        head = fit_head(lessons, known.shelf.vectors[rest], lambda share: progress(share * 0.8))
        known, asked = known._replace(head=head), [row for row in asked if row in held]
    scores = Scores([], [])
    for row in asked[:SAMPLE]:
        _rehearse(known, given, row, scores)
    return scores


def _rehearse(known: Knowledge, given: list[str], row: int, scores: Scores) -> None:
    lesson, vector = known.shelf.lessons[row], known.shelf.vectors[row]
    question = known.question(lesson.input, vector)
    alike = known.shelf.likeness(question)
    twins = [r for r, other in enumerate(known.shelf.lessons) if _same(other, lesson)]
    alike[twins] = HIDDEN
    choice = known.choose(question, known.shelf.hits(alike))
    if choice and normalise(choice.lesson.good) == given[row]:
        scores.taught.append(choice.score)
    alike[[r for r, answer in enumerate(given) if answer == given[row]]] = HIDDEN
    choice = known.choose(question, known.shelf.hits(alike), unknown=given[row])
    scores.untaught.append(choice.score if choice else 0.0)


def _same(one: Lesson, other: Lesson) -> bool:
    return normalise(one.input) == normalise(other.input)


def _by_draw(lessons: Sequence[Lesson]) -> list[int]:
    return sorted(range(len(lessons)), key=lambda row: draw(lessons[row].input))
