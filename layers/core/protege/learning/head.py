"""The trained head: a softmax layer over the embeddings that knows which answer is meant."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning import Vectors

CAUTIOUS, STEPS = 100, 300
"""Steps of the cautious beginning, and all."""
CAUTION = 0.1
"""Divided by the number of classes: what weights decay by in the beginning, which learns only what
neighbours have in common. Rows whose label it finds not half as likely as another are doubted."""
DOUBT = 0.5
MISCHIEF = 0.06
"""Share of rows doubted from which on they are left out; below, they are hard and worth learning.
On BANKING77 and CLINC150 0-4 % are doubted with right labels, 9-12 % with a tenth of them wrong and
17-21 % with a fifth, of which nine in ten are wrong indeed. Leaving them out then gives 79.7 %
instead of 72.4; leaving out the hard ones would cost 0.3 to 0.7 %."""
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
    trusted: npt.NDArray[np.bool_]
    """Whether a row's label is believed; shape (0,) until the beginning is over."""

    @property
    def over(self) -> bool:
        """Whether all steps were made."""
        return self.step >= STEPS


def begun(dims: int, labels: int) -> Course:
    """A training before its first step."""
    weights = np.zeros((dims + 1, labels), np.float32)
    zeros = np.zeros_like(weights)
    return Course(weights, zeros, zeros, 0, np.empty(0, np.bool_))


def further(course: Course, take: Callable[[Classes], Vectors], classes: Classes) -> Course:
    """One more step of Adam on the cross entropy; the same result for the same rows.

    `take` gives the vectors of some rows, numbers ascending; `classes[row]` is a row's class.
    """
    if course.step == CAUTIOUS:
        trusted = _trusted(course.weights, take, classes)
        zeros = np.zeros_like(course.weights)
        course = Course(zeros, zeros, zeros, CAUTIOUS, trusted)
    rows = _rows(course.step + 1, len(classes))
    x = take(rows)
    error = _error(course.weights, x, classes[rows])
    decay = DECAY
    if course.step < CAUTIOUS:
        decay = CAUTION / course.weights.shape[1]
    else:
        error *= course.trusted[rows, None]
    slope = np.vstack([x.T @ error, error.sum(0, keepdims=True)])
    slope += np.float32(decay) * course.weights
    return _moved(course, slope)


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


def _error(weights: Vectors, x: Vectors, classes: Classes) -> Vectors:
    """What each row's probabilities are off by, over the number of rows."""
    error = _softmax(x @ weights[:-1] + weights[-1])
    error[np.arange(len(x)), classes] -= 1
    error /= len(x)
    return error


def _moved(course: Course, slope: Vectors) -> Course:
    begins, ends = (0, CAUTIOUS) if course.step < CAUTIOUS else (CAUTIOUS, STEPS)
    step = course.step + 1 - begins
    mean = course.mean + 0.1 * (slope - course.mean)
    spread = course.spread + 0.001 * (slope * slope - course.spread)
    scale = RATE * (1 - (step - 1) / (ends - begins)) / (1 - 0.9**step)
    change = scale * mean / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    weights = course.weights - change.astype(np.float32)
    return course._replace(weights=weights, mean=mean, spread=spread, step=course.step + 1)


def _trusted(
    weights: Vectors, take: Callable[[Classes], Vectors], classes: Classes
) -> npt.NDArray[np.bool_]:
    """Rows that are not doubted; all of a class that would lose most of its, or where few are."""
    believed = np.empty(len(classes), np.bool_)
    for start in range(0, len(classes), BATCH):
        rows = np.arange(start, min(start + BATCH, len(classes)))
        likely = _softmax(take(rows) @ weights[:-1] + weights[-1])
        own = likely[np.arange(len(rows)), classes[rows]]
        believed[rows] = own >= DOUBT * likely.max(1)
    labels = weights.shape[1]
    rows, left = np.bincount(classes, minlength=labels), np.bincount(classes, believed, labels)
    found: npt.NDArray[np.bool_] = believed | (left < rows / 2)[classes]
    return found if 1 - found.mean() >= MISCHIEF else np.ones_like(found)


def _softmax(scores: Vectors) -> Vectors:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    unit: Vectors = scores / scores.sum(1, keepdims=True)
    return unit
