"""From the nearest lessons to a verdict: which answer, how sure, and what must not be said."""

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple

from protege.learning import Lesson
from protege.learning.index import HITS, Hit
from protege.learning.wording import normalise, words

SHARPNESS = 10.0
"""A neighbour's vote is exp(10 * likeness): one nearer by 0.1 counts almost three times."""
NEARLY_SAME = 0.9
"""Likeness from which two questions are taken for one, so that a correction settles it."""
AS_NEAR = 0.02
"""Differences of likeness below this say nothing."""


class Verdict(NamedTuple):
    """What the lessons say about a question."""

    lesson: Lesson | None
    """The lesson that answers it; None where that was not taught."""
    score: float
    """How sure, 0 to 1: likeness times the root of the answer's share of the votes."""
    threshold: float
    """From which score on the question counts as taught."""
    hits: tuple[Hit, ...]
    """The nearest HITS lessons, nearest first, wrong answers among them."""


class Choice(NamedTuple):
    """The best answer, whether or not it is good enough."""

    lesson: Lesson
    score: float


def choose(
    text: str, hits: Sequence[Hit], opinion: Mapping[str, float], weight: float
) -> Choice | None:
    """The best answer among hits (nearest first); None where they hold none that may be given.

    The nearest HITS vote; the others are there for the head, which may know better. A text without
    words is answered only where it was taught itself: embedders see all such texts as the same.

    `opinion`: the head's probability of each normalised answer, which counts for `weight` (0 to 1)
    against the neighbours' votes.
    """
    allowed = [hit for hit in hits if hit.lesson.good and not _refuted(hit, hits)]
    if not allowed:
        return None
    settled = _settled(text, allowed)
    if settled:
        return Choice(settled.lesson, min(1.0, settled.score))
    if not words(text):
        return None
    shares = _shares(allowed, opinion, weight)
    best = max(allowed, key=lambda hit: (shares[normalise(hit.lesson.good)], hit.score))
    share = shares[normalise(best.lesson.good)]
    return Choice(best.lesson, min(1.0, max(0.0, best.score)) * sqrt(share))


def _refuted(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether somebody said of a nearer question, or later of the same, that this is wrong."""
    answer = normalise(hit.lesson.good)
    return any(
        other.lesson.bad and normalise(other.lesson.bad) == answer and _overrules(other, hit)
        for other in hits
    )


def _overrules(other: Hit, hit: Hit) -> bool:
    if abs(other.score - hit.score) <= AS_NEAR:
        return other.lesson.id > hit.lesson.id
    return other.score > hit.score


def _settled(text: str, hits: Sequence[Hit]) -> Hit | None:
    """The newest lesson for this very question, else the newest correction of nearly the same."""
    same = [hit for hit in hits if normalise(hit.lesson.input) == normalise(text)]
    near = hits[0].score - AS_NEAR
    mended = [
        hit
        for hit in hits
        if hit.lesson.kind == "correction" and hit.score >= max(NEARLY_SAME, near)
    ]
    return max(same or mended, key=lambda hit: hit.lesson.id, default=None)


def _shares(hits: Sequence[Hit], opinion: Mapping[str, float], weight: float) -> dict[str, float]:
    """Of each answer, 0 to 1: what the neighbours vote, mixed with the opinion."""
    votes: dict[str, float] = {}
    for rank, hit in enumerate(hits):
        answer = normalise(hit.lesson.good)
        vote = exp(SHARPNESS * hit.score) if rank < HITS else 0.0
        votes[answer] = votes.get(answer, 0.0) + vote
    total = sum(votes.values())
    return {
        answer: (1 - weight) * vote / total + weight * opinion.get(answer, 0.0)
        for answer, vote in votes.items()
    }
