"""Asking a model its own lessons as if they, or their answers, had never been taught."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.answering import Choice
from protege.learning.columns import FOLDS
from protege.learning.index import HIDDEN, Alike, Question
from protege.learning.knowledge import Knowledge
from protege.learning.ngrams import Floats
from protege.learning.wording import draw, normalise


def answer_of(lesson: Lesson) -> str:
    """The normalised answer; empty where a lesson has none."""
    return normalise(lesson.good) if lesson.good else ""


def held_out(text: str) -> bool:
    """Whether a question is one of the fifth that trials are asked; the same in every version."""
    return not draw(text) % FOLDS


class Rehearsed(NamedTuple):
    """What came of one question."""

    taught: Choice | None
    """What is chosen where this very question was not taught, though its answer may be."""
    lexical: Choice | None
    """The same by spelling only, as a baseline."""
    untaught: float
    """The score of the best answer where neither the question nor its answer was taught."""


def rehearse(
    known: Knowledge, lessons: Sequence[Lesson], vectors: Vectors, *, lexical: bool = False
) -> Iterator[Rehearsed]:
    """Ask what lessons ask, which may be among those known. `vectors`: one row for each.

    `lexical`: ask by spelling too.
    """
    asked = [known.question(x.input, v) for x, v in zip(lessons, vectors, strict=True)]
    for lesson, question, alike in zip(lessons, asked, known.shelf.compare(asked), strict=True):
        yield _rehearsed(known, lesson, question, alike, lexical)


def _rehearsed(
    known: Knowledge, lesson: Lesson, question: Question, alike: Alike, lexical: bool
) -> Rehearsed:
    mixed = _unasked(known, lesson, alike.mixed(question.spelling))
    taught = known.choose(question, known.shelf.hits(mixed))
    spelt = None
    if lexical:
        spelling = _unasked(known, lesson, alike.spelling)
        spelt = known.choose(question._replace(spelling=1.0), known.shelf.hits(spelling))
    answer = answer_of(lesson)
    if answer:
        mixed[known.shelf.columns.answers == np.uint64(draw(lesson.good))] = HIDDEN
    without = known.choose(question, known.shelf.hits(mixed), answer)
    return Rehearsed(taught, spelt, without.score if without else 0.0)


def _unasked(known: Knowledge, lesson: Lesson, alike: Floats) -> Floats:
    """As if the question had never been asked."""
    alike[known.shelf.columns.inputs == np.uint64(draw(lesson.input))] = HIDDEN
    return known.shelf.visible(alike)
