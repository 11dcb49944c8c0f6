"""The trained head: a softmax layer over the embeddings that knows which answer is meant."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from protege.learning import Vectors

STEPS = 300
RATE = 0.5
"""Of the first step; it falls to nothing, or the batches' noise would cost 1.5 points."""
DECAY = 1e-5
BATCH = 4096
"""Rows a step looks at: beyond this a step gets slower and the head no better."""

Classes = npt.NDArray[np.int64]


class Head:
    """Weights of shape (dims + 1, classes); `labels[c]` is the answer of class c, normalised."""

    def __init__(self, weights: Vectors, labels: Sequence[str]) -> None:
        self.weights = weights
        self.labels = tuple(labels)
        self._column = {label: c for c, label in enumerate(self.labels)}

    def probabilities(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Of every class for one row; shape (classes,), sum 1."""
        scores = vector.reshape(1, -1) @ self.weights[:-1] + self.weights[-1]
        return _softmax(scores).reshape(-1)

    def column(self, label: str) -> int | None:
        """Number of an answer's class; None where the head has not learnt it."""
        return self._column.get(label)


def train(
    vectors: Vectors,
    classes: Classes,
    labels: Sequence[str],
    progress: Callable[[float], None] = lambda share: None,
) -> Head:
    """Adam on the cross entropy; the same result for the same rows. `progress`: 0 to 1."""
    rng = np.random.default_rng(0)
    weights = np.zeros((vectors.shape[1] + 1, len(labels)), np.float32)
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        rows = _rows(rng, len(vectors))
        slope = _slope(vectors[rows], classes[rows], weights)
        mean += 0.1 * (slope - mean)
        spread += 0.001 * (slope * slope - spread)
        scale = RATE * (1 - (step - 1) / STEPS) / (1 - 0.9**step)
        weights -= scale * mean / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
        progress(step / STEPS)
    return Head(weights, labels)


def _rows(rng: np.random.Generator, count: int) -> npt.NDArray[np.int64] | slice:
    return rng.choice(count, BATCH, replace=False) if count > BATCH else slice(None)


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
