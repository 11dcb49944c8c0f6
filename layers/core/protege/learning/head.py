"""The trained head: a softmax layer over the embeddings that knows which answer is meant."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning import Vectors

STEPS = 300
RATE = 0.5
"""Of the first step; it falls to nothing, or the batches' noise would cost 1.5 points."""
DECAY = 1e-5
TEMPERATURE = 2.0
"""Of soft opinions: a head is too sure of what it has not seen (AUROC + 0.3 on CLINC150)."""
BATCH = 4096
"""Rows a step looks at: beyond this a step gets slower and the head no better."""

Classes = npt.NDArray[np.int64]


class Head:
    """Weights of shape (dims + 1, classes); `labels[c]` is the answer of class c, normalised."""

    def __init__(
        self, weights: Vectors, labels: Sequence[str], temperature: float = TEMPERATURE
    ) -> None:
        """`temperature`: of soft opinions; 0 in versions whose gate was fitted without them."""
        self.weights = weights
        self.labels = tuple(labels)
        self.temperature = temperature
        self._column = {label: c for c, label in enumerate(self.labels)}

    def probabilities(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Of every class for one row; shape (classes,), sum 1."""
        return self.opinions(vector)[0]

    def opinions(
        self, vector: Vectors, *, without: int | None = None
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Probabilities of every class for one row, as they are and soft; shape (classes,), sum 1.

        `without`: a class that is out of the question. Soft ones are of shape (0,) without a
        temperature.
        """
        scores = vector.reshape(1, -1) @ self.weights[:-1] + self.weights[-1]
        if without is not None:
            scores[:, without] = -np.inf
        if not self.temperature:
            return _softmax(scores)[0], np.empty(0, np.float32)
        return _softmax(scores)[0], _softmax(scores / np.float32(self.temperature))[0]

    def column(self, label: str) -> int | None:
        """Number of an answer's class; None where the head has not learnt it."""
        return self._column.get(label)


class Course(NamedTuple):
    """A training under way: it can be stored and taken further by somebody else."""

    weights: Vectors
    mean: Vectors
    spread: Vectors
    step: int
    """How many steps were made, of STEPS."""

    @property
    def over(self) -> bool:
        """Whether all steps were made."""
        return self.step >= STEPS


def begun(dims: int, labels: int) -> Course:
    """A training before its first step."""
    weights = np.zeros((dims + 1, labels), np.float32)
    return Course(weights, np.zeros_like(weights), np.zeros_like(weights), 0)


def further(course: Course, take: Callable[[Classes], Vectors], classes: Classes) -> Course:
    """One more step of Adam on the cross entropy; the same result for the same rows.

    `take` gives the vectors of some rows, numbers ascending; `classes[row]` is a row's class.
    """
    step = course.step + 1
    rows = _rows(step, len(classes))
    slope = _slope(take(rows), classes[rows], course.weights)
    mean = course.mean + 0.1 * (slope - course.mean)
    spread = course.spread + 0.001 * (slope * slope - course.spread)
    scale = RATE * (1 - (step - 1) / STEPS) / (1 - 0.9**step)
    change = scale * mean / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return Course(course.weights - change.astype(np.float32), mean, spread, step)


def train(
    vectors: Vectors,
    classes: Classes,
    labels: Sequence[str],
    progress: Callable[[float], None] = lambda share: None,
) -> Head:
    """All steps at once, with every vector in memory. `progress`: 0 to 1."""
    course = begun(vectors.shape[1], len(labels))
    while not course.over:
        course = further(course, lambda rows: vectors[rows], classes)
        progress(course.step / STEPS)
    return Head(course.weights, labels)


def _rows(step: int, count: int) -> Classes:
    """The rows that a step looks at, drawn anew for each, whoever makes it."""
    if count <= BATCH:
        return np.arange(count)
    return np.sort(np.random.default_rng([0, step]).choice(count, BATCH, replace=False))


def _slope(x: Vectors, classes: Classes, weights: Vectors) -> Vectors:
    error = _softmax(x @ weights[:-1] + weights[-1])
    error[np.arange(len(x)), classes] -= 1
    error /= len(x)
    slope = np.vstack([x.T @ error, error.sum(0, keepdims=True)])
    slope += np.float32(DECAY) * weights
    return slope


def _softmax(scores: Vectors) -> Vectors:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    unit: Vectors = scores / scores.sum(1, keepdims=True)
    return unit
