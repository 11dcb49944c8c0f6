"""A model that came out of a training: what it answers, and how it is kept in a folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from playground.openai.learner.course import Weights, softmax
from playground.openai.learner.examples import Row
from protege.learning import Vectors
from protege.learning.gate import fitted
from protege.learning.wording import normalise

NEIGHBOURS = 10
CLOSE = 0.5
"""Likeness from which on what must not be said to one question must not be said to the other."""
FITTED_ON = 500
"""Rows that the threshold is fitted on at most."""


class Guess(NamedTuple):
    """The best answer to a question."""

    answer: str
    score: float
    """Likeness times the root of the head's probability: 0 to 1."""
    likeness: float
    """Of the trained question that it was the answer to."""
    sure: bool
    bad: frozenset[str]
    """What must not be said to it, normalised."""


class Tuned:
    """Rows, their vectors, a head, and from which score on an answer counts as learnt."""

    def __init__(
        self, rows: Sequence[Row], vectors: Vectors, weights: Weights, threshold: float
    ) -> None:
        self.rows, self.vectors, self.weights, self.threshold = rows, vectors, weights, threshold
        self._columns = weights.columns([row.answer for row in rows])
        self._questions = [normalise(row.question) for row in rows]

    @classmethod
    def made(cls, rows: Sequence[Row], vectors: Vectors, weights: Weights) -> "Tuned":
        """With its threshold fitted on its own rows, each answered as if it were not there."""
        draft = cls(rows, vectors, weights, 0.0)
        return cls(rows, vectors, weights, fitted(*draft._scores()))

    def guess(self, question: str, vector: Vectors) -> Guess:
        """The best answer to a question whose vector this is; shape (dims,)."""
        likeness = self.vectors @ vector
        near = np.argsort(-likeness)[:NEIGHBOURS]
        bad = {
            normalise(self.rows[n].bad) for n in near if likeness[n] > CLOSE and self.rows[n].bad
        }
        good = np.array([normalise(self.rows[n].answer) not in bad for n in near])
        scores = self._weighed(likeness, vector)[near] * good
        best = int(near[int(np.argmax(scores))])
        same = self._questions[best] == normalise(question)
        sure = same or float(scores.max()) >= self.threshold
        answer = self.rows[best].answer
        return Guess(answer, float(scores.max()), float(likeness[best]), sure, frozenset(bad))

    def _weighed(self, likeness: Vectors, vector: Vectors) -> Vectors:
        shares = softmax(vector[None] @ self.weights.values[:-1] + self.weights.values[-1])[0]
        weighed: Vectors = np.maximum(likeness, 0) * np.sqrt(shares[self._columns])
        return weighed

    def _scores(self) -> tuple[list[float], list[float]]:
        """Best scores with a row's question away, and with all that has its answer away."""
        taught, untaught = [], []
        for n in range(min(len(self.rows), FITTED_ON)):
            scores = self._weighed(self.vectors @ self.vectors[n], self.vectors[n])
            scores[n] = 0
            same = self._columns == self._columns[n]
            if same.sum() > 1:
                taught.append(float(scores[same].max()))
            if not same.all():
                untaught.append(float(scores[~same].max()))
        return taught, untaught

    def save(self, folder: Path) -> None:
        """Write it; the same again does no harm."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "arrays.npz", vectors=self.vectors, weights=self.weights.values)
        about = {"rows": self.rows, "answers": self.weights.answers, "threshold": self.threshold}
        (folder / "about.json").write_text(json.dumps(about))

    @classmethod
    def load(cls, folder: Path) -> "Tuned":
        """Read it. Raises FileNotFoundError."""
        about = json.loads((folder / "about.json").read_text())
        with np.load(folder / "arrays.npz") as arrays:
            vectors, values = arrays["vectors"], arrays["weights"]
        rows = [Row(*row) for row in about["rows"]]
        return cls(rows, vectors, Weights(values, tuple(about["answers"])), about["threshold"])
