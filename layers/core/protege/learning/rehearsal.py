"""Asking a model its own lessons as if they, or their answers, had never been taught."""

from collections import defaultdict
from collections.abc import Sequence

from protege.learning import Lesson, Vectors
from protege.learning.answering import Choice
from protege.learning.index import HIDDEN
from protege.learning.knowledge import Knowledge
from protege.learning.wording import draw, normalise


def answer_of(lesson: Lesson) -> str:
    """The normalised answer; empty where a lesson has none."""
    return normalise(lesson.good) if lesson.good else ""


def by_draw(lessons: Sequence[Lesson]) -> list[int]:
    """Rows of the lessons that have an answer, in an order that looks random and is stable."""
    rows = [row for row, lesson in enumerate(lessons) if lesson.good]
    return sorted(rows, key=lambda row: draw(lessons[row].input))


def held_out(text: str) -> bool:
    """Whether a question is one of the fifth that trials are asked; the same in every version."""
    return not draw(text) % 5


class Rehearsal:
    """Knowledge that can be asked about the lessons it was made of, and about others."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._asked: defaultdict[str, list[int]] = defaultdict(list)
        self._answered: defaultdict[str, list[int]] = defaultdict(list)
        for row, lesson in enumerate(known.shelf.lessons):
            self._asked[normalise(lesson.input)].append(row)
            self._answered[answer_of(lesson)].append(row)

    def taught(self, lesson: Lesson, vector: Vectors, *, lexical: bool = False) -> Choice | None:
        """What is chosen where this very question was not taught, though its answer may be.

        `lexical`: by spelling only, as a baseline.
        """
        return self._choose(lesson, vector, "", lexical)

    def untaught(self, lesson: Lesson, vector: Vectors) -> float:
        """The score of the best answer where neither the question nor its answer was taught."""
        choice = self._choose(lesson, vector, answer_of(lesson), False)
        return choice.score if choice else 0.0

    def _choose(self, lesson: Lesson, vector: Vectors, gone: str, lexical: bool) -> Choice | None:
        asked = self._known.question(lesson.input, vector)
        if lexical:
            asked = asked._replace(spelling=1.0)
        alike = self._known.shelf.likeness(asked)
        alike[self._asked.get(normalise(lesson.input), [])] = HIDDEN
        if gone:
            alike[self._answered.get(gone, [])] = HIDDEN
        return self._known.choose(asked, self._known.shelf.hits(alike), gone)
