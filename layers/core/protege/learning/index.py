"""Finding the lessons nearest to a question, by meaning and by spelling at once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.columns import Columns, Mask, Rows
from protege.learning.grammar import foreign_share
from protege.learning.ngrams import Floats, Grams, Postings, Rarity, grams
from protege.learning.tables import Dense, Table
from protege.learning.wording import latin_share, words

HITS = 10
"""Lessons that vote. One vandal outweighs nine others where only the nearest counts; with a fifth
of the lessons wrong, one neighbour is right 73 % of the time and the vote of ten 91 %."""
CANDIDATES = 30
"""Lessons whose answers the head may choose from: 0.5 % better than HITS on CLINC150."""
SPELLING = 0.2
"""Share of spelling in the likeness where the embedder knows the language."""
ENGLISH_ONLY = ("all-MiniLM-L6-v2",)
"""Embedders that see other scripts as unknown letters, by the name in their id."""
HALF_READ = 0.5
"""How little they see of other languages in Latin letters: something, for names and loanwords."""
HIDDEN = -1.0
AT_ONCE = 32
"""Questions compared at once: 13 MB of likenesses with 100,000 lessons."""


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


class Alike(NamedTuple):
    """Of every row to a question: likeness in meaning and in spelling, each of shape (rows,)."""

    meaning: Floats
    spelling: Floats

    def mixed(self, spelling: float) -> Floats:
        """Both, spelling with this share, 0 to 1."""
        return self.meaning * np.float32(1 - spelling) + np.float32(spelling) * self.spelling


class Index(NamedTuple):
    """Lessons in rows; immutable."""

    lessons: Sequence[Lesson]
    columns: Columns
    table: Table
    postings: Postings
    hidden: Rows
    """Rows that are not to be found any more."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], vectors: Vectors, rare: Rarity) -> "Index":
        """Index lessons by their inputs; row i of `vectors` belongs to lessons[i]."""
        postings = Postings.of([rare.weigh(grams(lesson.input)) for lesson in lessons])
        columns = Columns.of(lessons)
        return cls(tuple(lessons), columns, Dense(vectors), postings, np.empty(0, np.int64))

    @property
    def size(self) -> int:
        """How many rows there are, hidden ones too."""
        return len(self.lessons)

    @property
    def vectors(self) -> Vectors:
        """All rows."""
        return self.table.take(slice(None))

    def extended(self, more: "Index") -> "Index":
        """These lessons and then those; the time it takes grows with both."""
        if not self.size:
            return more
        return Index(
            (*self.lessons, *more.lessons),
            self.columns.joined(more.columns),
            Dense(np.vstack([self.vectors, more.vectors])),
            self.postings.extended(more.postings),
            np.concatenate([self.hidden, more.hidden + self.size]),
        )

    def without(self, rows: Rows | Mask) -> "Index":
        """The same with these rows hidden."""
        gone = np.arange(self.size)[rows]
        return self._replace(hidden=np.union1d(self.hidden, gone))

    def shown(self) -> Rows:
        """The rows that are not hidden."""
        return np.delete(np.arange(self.size), self.hidden)

    def compare(self, questions: Sequence[Question]) -> Iterator[Alike]:
        """Every question with every row."""
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start : start + AT_ONCE]
            meanings = self.table.dot(np.vstack([one.vector for one in some]))
            for one, meaning in zip(some, meanings, strict=True):
                yield Alike(meaning, evened(self.postings.likeness(one.grams)))

    def likeness(self, question: Question) -> Floats:
        """Of every row to the question, shape (rows,); hidden rows have -1."""
        [alike] = self.compare([question])
        return self.visible(alike.mixed(question.spelling))

    def visible(self, alike: Floats) -> Floats:
        """The same array, -1 at hidden rows."""
        alike[self.hidden] = HIDDEN
        return alike

    def hits(self, alike: Floats, count: int = CANDIDATES) -> list[Hit]:
        """The nearest rows that are not hidden, nearest first, of equals the newest first."""
        if not len(alike):
            return []
        rows = np.argpartition(-alike, min(count, len(alike)) - 1)[:count]
        found = [Hit(self.lessons[int(r)], float(alike[r])) for r in rows if alike[r] > HIDDEN]
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
    unread = max(1 - latin_share(text), HALF_READ * foreign_share(words(text)))
    return SPELLING + (1 - SPELLING) * unread


def evened(spelling: Floats) -> Floats:
    """TF-IDF likeness on the scale of the embedder's: inflected words halve it, wrongly."""
    found: Floats = np.sqrt(np.maximum(spelling, 0))
    return found
