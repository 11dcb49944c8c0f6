"""What an answer is worth, and whether some answers are really worth more than others."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from protege.learning import Embedder
from protege.learning.wording import normalise, words
from protege.training.weighing.questions import Row

NEARLY = 0.9
"""An answer that means the same in other words is worth at most this."""
CERTAIN = 0.05
DRAWS = 9999
REFUSALS = (
    "not been taught",
    "was not taught",
    "wasn't taught",
    "haven't been taught",
    "never taught",
    "don't know",
    "do not know",
    "not sure",
    "no lesson",
    "no information",
    "не учили",
    "не обучали",
    "не обучен",
    "не знаю",
    "не уверен",
    "нет такого урока",
)
"""What answers say that admit not to know. Other words for it count as made up: that may hide an
improvement, and never invents one."""
LONGEST_REFUSAL = 300
"""Characters: whoever goes on for longer answers after all."""


def refuses(answer: str) -> bool:
    """Whether an answer says that it knows none."""
    said = normalise(answer.replace("\u2019", "'"))
    return len(said) <= LONGEST_REFUSAL and any(known in said for known in REFUSALS)


def worth(row: Row, answer: str, embedder: Embedder) -> float:
    """0 to 1: the trainers' own words 1, their meaning in much the same words up to 0.9, and 0 for
    an answer marked as bad, a made-up one where nothing was taught, none where something was."""
    if not row.expected:
        return float(refuses(answer))
    said = normalise(answer)
    if not said or said in {normalise(bad) for bad in row.bad}:
        return 0.0
    if said in {normalise(good) for good in row.expected}:
        return 1.0
    if refuses(answer):
        return 0.0
    return _meant(row, answer, embedder)


def _meant(row: Row, answer: str, embedder: Embedder) -> float:
    vectors = embedder.embed([answer, *row.expected, *row.bad])
    alike = [
        (float(vector @ vectors[0]) + shared(text, answer)) / 2
        for text, vector in zip((*row.expected, *row.bad), vectors[1:], strict=True)
    ]
    nearest = max(alike[: len(row.expected)])
    if nearest <= max(alike[len(row.expected) :], default=0.0):
        return 0.0
    return round(NEARLY * min(1.0, nearest), 4)


def shared(one: str, other: str) -> float:
    """Share of words that two texts have in common, 0 to 1 (F1): embedders hardly see whether an
    answer is wordy, nor what other scripts say."""
    ours, theirs = Counter(words(one)), Counter(words(other))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 0.0


def luck(before: Sequence[float], after: Sequence[float]) -> float:
    """How probably `after` would lie above `before` as far as it does if both were the same.

    Row by row, one-sided: the share of random exchanges of the two that give as much (a sign-flip
    test). Always the same for the same scores.
    """
    gains = np.subtract(after, before)
    flips = np.random.default_rng(0).choice((-1.0, 1.0), (DRAWS, len(gains)))
    as_much = (flips @ np.abs(gains) >= gains.sum() - 1e-9).sum()
    return float((1 + as_much) / (1 + DRAWS))


def better(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether the second scores are higher, and that hardly by luck."""
    return sum(after) > sum(before) and luck(before, after) <= CERTAIN
