"""A model version: what was learnt at its training, and the lessons that came after."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.answering import Verdict
from protege.learning.artefact import Artefact, WrongEmbedder, packed, unpacked
from protege.learning.columns import Hashes, Mask, hashed
from protege.learning.duplicates import deduplicate
from protege.learning.fitting import Trial, fit_heads, fit_plain, fit_threshold, shelved
from protege.learning.index import HITS, Hit, Index, nearest
from protege.learning.knowledge import Knowledge
from protege.learning.wording import normalise

__all__ = ["Hit", "Model", "Verdict", "WrongEmbedder", "deduplicate", "fit", "normalise"]

FIRST = 300
"""Before the first training, so many corrections get a threshold of their own (0.2 s)."""


class Model:
    """Answers questions from lessons; immutable. Made by `fit`, `empty` and `load`."""

    def __init__(
        self, known: Knowledge, limit: float, trial: Trial, recent: Index | None = None
    ) -> None:
        self._known = known
        self._limit = limit
        self._trial = trial
        self._recent = recent or Index.of((), known.shelf.table.take(slice(0)), known.rare)
        self._latest: tuple[tuple[Lesson, ...], Model] | None = None

    @classmethod
    def empty(cls, embedder_id: str, dims: int) -> "Model":
        """Knows nothing yet; corrections can teach it."""
        return fit([], np.empty((0, dims), np.float32), embedder_id=embedder_id)

    @classmethod
    def load(cls, files: Mapping[str, bytes], embedder_id: str = "") -> "Model":
        """What `files` gave. Raises WrongEmbedder where `embedder_id` is given and made no part of
        it, NewerFormat, KeyError where a file is missing, ValueError where they do not fit
        together."""
        return cls(*unpacked(files, embedder_id))

    @property
    def embedder_id(self) -> str:
        """Of the embedder whose vectors this model compares."""
        return self._known.embedder_id

    @property
    def threshold(self) -> float:
        """From which score on a question counts as taught."""
        return self._limit

    @property
    def known(self) -> Knowledge:
        """What was learnt at the training."""
        return self._known

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        shelf = self._known.shelf
        text = getattr(shelf.lessons, "nbytes", 1000 * shelf.size)
        return shelf.table.nbytes + shelf.postings.nbytes + 40 * shelf.size + int(text)

    @property
    def size(self) -> int:
        """How many lessons can be found."""
        return sum(i.size - len(i.hidden) for i in self._indices)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All that can be found, those given after the training last. Each is read anew."""
        return tuple(i.lessons[int(row)] for i in self._indices for row in i.shown())

    @property
    def vectors(self) -> Vectors:
        """One row for each of `lessons`."""
        return np.vstack([i.table.take(i.shown()) for i in self._indices])

    def knows(self, id: str) -> bool:
        """Whether it holds a lesson, be it hidden."""
        at = int(np.searchsorted(self._ids, np.uint64(hashed(id))))
        return at < len(self._ids) and int(self._ids[at]) == hashed(id)

    def answer(self, question: str, vector: Vectors) -> Verdict:
        """What the lessons say. `vector`: the question's, of shape (dims,) or (1, dims).

        Raises WrongEmbedder where the vector has another length.
        """
        self._check(vector.reshape(1, -1))
        asked = self._known.question(question, vector)
        hits = nearest([hit for i in self._indices for hit in i.hits(i.likeness(asked))])
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
        gone = np.array([hashed(id) for id in ids], np.uint64)
        return self.hiding(lambda index: np.isin(index.columns.ids, gone))

    def hiding(self, gone: Callable[[Index], Mask]) -> "Model":
        """The same without the lessons that `gone` marks."""
        shelf, recent = (index.without(gone(index)) for index in self._indices)
        return Model(self._known._replace(shelf=shelf), self._limit, self._trial, recent)

    def tried(self) -> "Model":
        """The model as if the questions held out had never been taught.

        A version made before there were trials answers so without a head, which saw them.
        """
        shelf, recent = (index.without(index.columns.held_out()) for index in self._indices)
        known = self._known._replace(shelf=shelf, head=self._trial.head)
        return Model(known, self._trial.threshold, self._trial, recent)

    def files(self) -> dict[str, bytes]:
        """The artefact: file names and their bytes, the same for the same model."""
        known = self._known
        if self.size != known.shelf.size or self._recent.size:
            known = known._replace(shelf=Index.of(self.lessons, self.vectors, known.rare))
        return packed(Artefact(known, self._limit, self._trial))

    def _extended(self, lessons: Sequence[Lesson], vectors: Vectors) -> "Model":
        new = [row for row, lesson in enumerate(lessons) if not self.knows(lesson.id)]
        if not new:
            return self
        found, rows = [lessons[row] for row in new], vectors[new]
        if self._known.shelf.size or self._recent.size:
            more = Index.of(found, rows, self._known.rare)
            return Model(self._known, self._limit, self._trial, self._recent.extended(more))
        known = shelved(found[:FIRST], rows[:FIRST], self.embedder_id)
        rest = Index.of(found[FIRST:], rows[FIRST:], known.rare)
        limit = fit_plain(known)
        return Model(known, limit, Trial(None, limit), rest)

    @property
    def _indices(self) -> tuple[Index, Index]:
        return self._known.shelf, self._recent

    @cached_property
    def _ids(self) -> Hashes:
        return np.sort(np.concatenate([index.columns.ids for index in self._indices]))

    def _check(self, vectors: Vectors) -> None:
        dims = self._known.shelf.table.shape[1]
        if vectors.shape[1] != dims:
            raise WrongEmbedder(f"a vector of {vectors.shape[1]} dims for a model of {dims}")


def fit(
    lessons: Sequence[Lesson],
    vectors: Vectors,
    *,
    embedder_id: str,
    progress: Callable[[float], None] = lambda share: None,
) -> Model:
    """Train a model, all in memory. `vectors`: row i is the embedding of lessons[i].input, by
    `embedder_id`. Training jobs do the same in pieces: see `training.steps`.

    `progress` is told the share done, 0 to 1, often. Raises ValueError where rows and lessons
    differ in number.
    """
    if len(lessons) != len(vectors):
        raise ValueError(f"{len(lessons)} lessons, but {len(vectors)} vectors")
    known = shelved(lessons, vectors, embedder_id)
    progress(0.1)
    heads = fit_heads(known, lambda share: progress(0.1 + 0.6 * share))
    limits = []
    for which in ("final", "trial"):
        limits.append(fit_threshold(known, heads, which))
        progress(0.7 + 0.15 * len(limits))
    return Model(known._replace(head=heads.final), limits[0], Trial(heads.trial, limits[1]))
