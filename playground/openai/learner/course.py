"""The training itself: steps of Adam on a real loss, over the embeddings of the questions."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.openai.learner.examples import Row
from protege.learning import Vectors
from protege.learning.wording import normalise

RATE = 0.5
"""Of the first step with FULL rows; it falls to nothing, and is less for smaller batches."""
FULL = 4096
EPOCHS, MOST_EPOCHS, EXAMPLES = 3, 25, 100
"""Where epochs may be chosen: so many, or more until so many examples were seen (OpenAI's cookbook,
"Data preparation and analysis for chat model fine-tuning")."""
BATCH, STEPS = 8, 64
"""Where the batch may be chosen: so many rows, or more where an epoch had more steps."""

Numbers = npt.NDArray[np.int64]


class Plan(NamedTuple):
    """How to train; `auto` is settled."""

    method: str
    epochs: int
    batch: int
    rate: float
    """Multiplies RATE."""
    beta: float
    """Of a preference's loss."""
    seed: int


class Point(NamedTuple):
    """A loss and a share of right answers."""

    loss: float
    accuracy: float


class Course:
    """A training under way. The same rows, plan and start give the same weights."""

    def __init__(
        self, rows: Sequence[Row], vectors: Vectors, plan: Plan, before: "Weights | None" = None
    ) -> None:
        self._rows, self._vectors, self._plan = rows, vectors, plan
        self.weights = widened(before, rows, vectors.shape[1])
        self._good = self.weights.columns([row.answer for row in rows])
        self._bad = self.weights.columns([row.bad for row in rows])
        self._mean = np.zeros_like(self.weights.values)
        self._spread = np.zeros_like(self.weights.values)
        self._rate = RATE * plan.rate * (plan.batch / FULL) ** 0.25
        self.epoch_steps = -(-len(rows) // plan.batch)
        self.steps = self.epoch_steps * plan.epochs

    def step(self, number: int) -> Point:
        """Make step `number` (from 1), and tell the loss of its batch before it."""
        batch = self._batch(number)
        point, slope = self._slope(self._vectors[batch], self._good[batch], self._bad[batch])
        self._mean += 0.1 * (slope - self._mean)
        self._spread += 0.001 * (slope * slope - self._spread)
        rate = self._rate * (1 - (number - 1) / self.steps) / (1 - 0.9**number)
        root = np.sqrt(self._spread / (1 - 0.999**number)) + 1e-8
        values = self.weights.values - (rate * self._mean / root).astype(np.float32)
        self.weights = self.weights._replace(values=values)
        return point

    def measure(self, rows: Sequence[Row], vectors: Vectors) -> Point:
        """Of other rows, with the weights as they are. An answer never seen counts as wrong."""
        good = self.weights.columns([row.answer for row in rows])
        bad = self.weights.columns([row.bad for row in rows])
        return self._slope(vectors, good, bad)[0]

    def _batch(self, number: int) -> Numbers:
        epoch, nth = divmod(number - 1, self.epoch_steps)
        order = np.random.default_rng([self._plan.seed, epoch]).permutation(len(self._rows))
        return order[nth * self._plan.batch : (nth + 1) * self._plan.batch]

    def _slope(self, x: Vectors, good: Numbers, bad: Numbers) -> tuple[Point, Vectors]:
        scores = x @ self.weights.values[:-1] + self.weights.values[-1]
        slope = _preference if self._plan.method == "dpo" else _cross_entropy
        point, error = slope(scores, good, bad, self._plan.beta)
        error = (error / len(x)).astype(np.float32)
        return point, np.vstack([x.T @ error, error.sum(0, keepdims=True)])


class Weights(NamedTuple):
    """Of the head: shape (dims + 1, answers); `answers[c]` is what column c says."""

    values: Vectors
    answers: tuple[str, ...]

    def columns(self, answers: Sequence[str]) -> Numbers:
        """Numbers of the answers' columns, -1 where one has none."""
        known = {normalise(answer): column for column, answer in enumerate(self.answers)}
        return np.array([known.get(normalise(answer), -1) for answer in answers], np.int64)


def widened(before: Weights | None, rows: Sequence[Row], dims: int) -> Weights:
    """The weights to start from: what was there, and a column of zeros for each new answer."""
    known = {normalise(answer): answer for answer in (before.answers if before else ())}
    old = len(known)
    for row in rows:
        for answer in filter(None, (row.answer, row.bad)):
            known.setdefault(normalise(answer), answer)
    values = np.zeros((dims + 1, len(known)), np.float32)
    if before:
        values[:, :old] = before.values
    return Weights(values, tuple(known.values()))


def plan(method: str, wished: dict[str, int | float | str], rows: int, seed: int) -> Plan:
    """Settle what is `auto`. `wished`: a job's hyperparameters."""
    settled = {name: value for name, value in wished.items() if value not in ("auto", None)}
    batch = int(settled.get("batch_size", max(BATCH, min(256, rows // STEPS))))
    usual = max(EPOCHS, min(MOST_EPOCHS, EXAMPLES // rows))
    epochs = int(settled.get("n_epochs", usual))
    rate = float(settled.get("learning_rate_multiplier", 1.0))
    return Plan(method, epochs, min(batch, rows), rate, float(settled.get("beta", 0.1)), seed)


def softmax(scores: Vectors) -> Vectors:
    """Each row as shares that sum to 1."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def _cross_entropy(
    scores: Vectors, good: Numbers, bad: Numbers, beta: float
) -> tuple[Point, Vectors]:
    shares = softmax(scores)
    at = np.arange(len(scores))
    seen = good >= 0
    right = np.where(seen, shares[at, good], 1e-6)
    loss = float(-np.log(np.maximum(right, 1e-6)).mean())
    accuracy = float(((shares.argmax(1) == good) & seen).mean())
    shares[at[seen], good[seen]] -= 1
    return Point(loss, accuracy), shares


def _preference(scores: Vectors, good: Numbers, bad: Numbers, beta: float) -> tuple[Point, Vectors]:
    """Minus the log of the sigmoid of how far the preferred answer is ahead (arXiv 2305.18290)."""
    at, seen = np.arange(len(scores)), (good >= 0) & (bad >= 0)
    ahead = np.where(seen, beta * (scores[at, good] - scores[at, bad]), 0.0)
    loss = float(np.log1p(np.exp(-ahead)).mean())
    pull = beta / (1 + np.exp(ahead)) * seen
    error = np.zeros_like(scores)
    error[at, good] -= pull
    error[at, bad] += pull
    return Point(loss, float(((ahead > 0) & seen).mean())), error
