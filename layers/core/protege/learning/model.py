"""A model version: what was learnt at its training, and the lessons that came after."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.answering import Verdict
from protege.learning.artefact import WrongEmbedder, packed, unpacked
from protege.learning.duplicates import deduplicate
from protege.learning.fitting import fit_head, fit_threshold, shelved
from protege.learning.index import HITS, Hit, Index, nearest
from protege.learning.knowledge import Knowledge
from protege.learning.wording import normalise

__all__ = ["Hit", "Model", "Verdict", "WrongEmbedder", "deduplicate", "fit", "normalise"]

FIRST = 300
"""Before the first training, so many corrections get a threshold of their own (0.2 s)."""


class Model:
    """Answers questions from lessons; immutable. Made by `fit`, `empty` and `load`."""

    def __init__(self, known: Knowledge, limit: float, recent: Index | None = None) -> None:
        self._known = known
        self._limit = limit
        self._recent = recent or Index.of((), known.shelf.vectors[:0], known.rare)
        self._latest: tuple[tuple[Lesson, ...], Model] | None = None

    @classmethod
    def empty(cls, embedder_id: str, dims: int) -> "Model":
        """Knows nothing yet; corrections can teach it."""
        return fit([], np.empty((0, dims), np.float32), embedder_id=embedder_id)

    @classmethod
    def load(cls, files: Mapping[str, bytes], embedder_id: str = "") -> "Model":
        """What `files` gave. Raises WrongEmbedder where `embedder_id` is given and made no part of
        it, KeyError where a file is missing, ValueError where files do not fit together."""
        found = unpacked(files, embedder_id)
        return cls(found.known, found.threshold)

    @property
    def embedder_id(self) -> str:
        """Of the embedder whose vectors this model compares."""
        return self._known.embedder_id

    @property
    def threshold(self) -> float:
        """From which score on a question counts as taught."""
        return self._limit

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """All that can be found, those given after the training last."""
        return self._known.shelf.shown() + self._recent.shown()

    @cached_property
    def vectors(self) -> Vectors:
        """One row for each of `lessons`."""
        return np.vstack([self._known.shelf.shown_vectors(), self._recent.shown_vectors()])

    def answer(self, question: str, vector: Vectors) -> Verdict:
        """What the lessons say. `vector`: the question's, of shape (dims,) or (1, dims).

        Raises WrongEmbedder where the vector has another length.
        """
        self._check(vector.reshape(1, -1))
        asked = self._known.question(question, vector)
        indices = (self._known.shelf, self._recent)
        hits = nearest([hit for i in indices for hit in i.hits(i.likeness(asked))])
        choice = self._known.choose(asked, hits)
        score = choice.score if choice else 0.0
        taught = choice.lesson if choice and score >= self._limit else None
        return Verdict(taught, score, self._limit, tuple(hits[:HITS]))

    def with_recent(self, lessons: Sequence[Lesson], vectors: Vectors) -> "Model":
        """Also knows these, at once: neither head nor threshold of a trained model change.

        Takes time by the new lessons only; ids it has already are passed over. The last result is
        kept, for it is asked for again with every question. Raises WrongEmbedder.
        """
        self._check(vectors)
        given = tuple(lessons)
        if self._latest is None or self._latest[0] != given:
            self._latest = given, self._extended(lessons, vectors)
        return self._latest[1]

    def without(self, ids: Collection[str]) -> "Model":
        """The same without some lessons: they are never found again, nor written to files.

        The head and the rarity of n-grams, which hold no text, forget them at the next training.
        """
        gone = frozenset(ids)
        known = self._known._replace(shelf=self._known.shelf.without(gone))
        return Model(known, self._limit, self._recent.without(gone))

    def files(self) -> dict[str, bytes]:
        """The artefact: file names and their bytes, the same for the same model."""
        known = self._known
        if len(self.lessons) != len(known.shelf.lessons) or self._recent.lessons:
            shelf = Index.of(self.lessons, self.vectors, known.rare)
            known = known._replace(shelf=shelf)
        return packed(known, self._limit)

    def _extended(self, lessons: Sequence[Lesson], vectors: Vectors) -> "Model":
        new = [row for row, lesson in enumerate(lessons) if lesson.id not in self._ids]
        if not new:
            return self
        found, rows = [lessons[row] for row in new], vectors[new]
        if self._known.shelf.lessons or self._recent.lessons:
            more = Index.of(found, rows, self._known.rare)
            return Model(self._known, self._limit, self._recent.extended(more))
        known = shelved(found[:FIRST], rows[:FIRST], self.embedder_id)
        rest = Index.of(found[FIRST:], rows[FIRST:], known.rare)
        return Model(known, fit_threshold(known, lambda share: None), rest)

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(lesson.id for lesson in self.lessons)

    def _check(self, vectors: Vectors) -> None:
        dims = self._known.shelf.vectors.shape[1]
        if vectors.shape[1] != dims:
            raise WrongEmbedder(f"a vector of {vectors.shape[1]} dims for a model of {dims}")


def fit(
    lessons: Sequence[Lesson],
    vectors: Vectors,
    *,
    embedder_id: str,
    progress: Callable[[float], None] = lambda share: None,
) -> Model:
    """Train a model. `vectors`: row i is the embedding of lessons[i].input, by `embedder_id`.

    `progress` is told the share done, 0 to 1, often. Raises ValueError where rows and lessons
    differ in number.
    """
    if len(lessons) != len(vectors):
        raise ValueError(f"{len(lessons)} lessons, but {len(vectors)} vectors")
    known = shelved(lessons, vectors, embedder_id)
    progress(0.1)
    head = fit_head(lessons, known.shelf.vectors, lambda share: progress(0.1 + 0.4 * share))
    known = known._replace(head=head)
    limit = fit_threshold(known, lambda share: progress(0.5 + 0.5 * share))
    progress(1.0)
    return Model(known, limit)
