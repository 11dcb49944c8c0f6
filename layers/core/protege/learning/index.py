"""Finding the lessons nearest to a question, by meaning and by spelling at once."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning import Lesson, Vectors
from protege.learning.ngrams import Floats, Grams, Postings, Rarity, grams
from protege.learning.wording import latin_share

HITS = 10
"""Lessons that vote. One vandal outweighs nine others where only the nearest counts; with a fifth
of the lessons wrong, one neighbour is right 73 % of the time and the vote of ten 91 %."""
CANDIDATES = 30
"""Lessons whose answers the head may choose from: 0.5 % better than HITS on CLINC150."""
SPELLING = 0.2
"""Share of spelling in the likeness where the embedder knows the language."""
ENGLISH_ONLY = ("all-MiniLM-L6-v2",)
"""Embedders that see other scripts as unknown letters, by the name in their id."""
HIDDEN = -1.0


class Hit(NamedTuple):
    """A lesson and its likeness to the question: 1 is the same, 0 has nothing in common."""

    lesson: Lesson
    score: float


class Question(NamedTuple):
    """A question made ready for comparing."""

    text: str
    vector: Vectors
    """Shape (dims,)."""
    grams: Grams
    spelling: float
    """How much of the likeness is spelling, 0 to 1."""


class Index(NamedTuple):
    """Lessons in rows; immutable."""

    lessons: tuple[Lesson, ...]
    vectors: Vectors
    postings: Postings
    hidden: npt.NDArray[np.int64]
    """Rows that are not to be found any more."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], vectors: Vectors, rare: Rarity) -> "Index":
        """Index lessons by their inputs; row i of `vectors` belongs to lessons[i]."""
        postings = Postings.of([rare.weigh(grams(lesson.input)) for lesson in lessons])
        return cls(tuple(lessons), vectors, postings, np.empty(0, np.int64))

    def extended(self, more: "Index") -> "Index":
        """These lessons and then those; the time it takes grows with both."""
        if not self.lessons:
            return more
        hidden = np.concatenate([self.hidden, more.hidden + len(self.lessons)])
        vectors = np.vstack([self.vectors, more.vectors])
        postings = self.postings.extended(more.postings)
        return Index(self.lessons + more.lessons, vectors, postings, hidden)

    def without(self, ids: Collection[str]) -> "Index":
        """The same with the lessons of these ids hidden."""
        gone = [row for row, lesson in enumerate(self.lessons) if lesson.id in ids]
        return self._replace(hidden=np.union1d(self.hidden, np.array(gone, np.int64)))

    def shown(self) -> tuple[Lesson, ...]:
        """The lessons that are not hidden."""
        if not len(self.hidden):
            return self.lessons
        return tuple(self.lessons[row] for row in self._shown_rows())

    def shown_vectors(self) -> Vectors:
        """One row for each of `shown`."""
        return self.vectors[self._shown_rows()] if len(self.hidden) else self.vectors

    def _shown_rows(self) -> npt.NDArray[np.int64]:
        return np.delete(np.arange(len(self.lessons)), self.hidden)

    def likeness(self, question: Question) -> Floats:
        """Of every row to the question, shape (rows,); hidden rows have -1."""
        alike: Floats = self.vectors @ question.vector
        alike *= np.float32(1 - question.spelling)
        alike += np.float32(question.spelling) * evened(self.postings.likeness(question.grams))
        alike[self.hidden] = HIDDEN
        return alike

    def hits(self, alike: Floats, count: int = CANDIDATES) -> list[Hit]:
        """The nearest rows that are not hidden, nearest first, of equals the newest first."""
        if not len(alike):
            return []
        rows = np.argpartition(-alike, min(count, len(alike)) - 1)[:count]
        found = [Hit(self.lessons[r], float(alike[r])) for r in rows if alike[r] > HIDDEN]
        return nearest(found, count)


def nearest(hits: Sequence[Hit], count: int = CANDIDATES) -> list[Hit]:
    """The `count` best hits, best first, of equals the newest first."""
    return sorted(hits, key=lambda hit: (hit.score, hit.lesson.id), reverse=True)[:count]


def question(text: str, vector: Vectors, rare: Rarity, embedder_id: str) -> Question:
    """Make a question ready. `vector`: its row, shape (dims,) or (1, dims)."""
    weighed = rare.weigh(grams(text))
    return Question(text, vector.reshape(-1), weighed, spelling_share(text, embedder_id))


def spelling_share(text: str, embedder_id: str) -> float:
    """How much of the likeness is spelling: all of it where the embedder cannot read the text."""
    if not embedder_id.startswith(ENGLISH_ONLY):
        return SPELLING
    return SPELLING + (1 - SPELLING) * (1 - latin_share(text))


def evened(spelling: Floats) -> Floats:
    """TF-IDF likeness on the scale of the embedder's: inflected words halve it, wrongly."""
    found: Floats = np.sqrt(np.maximum(spelling, 0))
    return found
