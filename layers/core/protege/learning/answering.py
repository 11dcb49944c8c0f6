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
HEAD_SHARE = 0.8
"""Of the head's opinion against the neighbours' votes."""
NEAR = 3
"""Lessons whose mean likeness says how near the taught is, where answers have several: three tell
the untaught better than one (AUROC + 0.2 on CLINC150)."""
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


class Opinion(NamedTuple):
    """What the head thinks of answers (normalised) that it has learnt."""

    likely: Mapping[str, float]
    """Its probabilities."""
    soft: Mapping[str, float]
    """The same at a higher temperature, which tell the untaught better; empty: it has none."""
    trust: float
    """How far the embedder reads the question, 0 to 1: the head sees the embedding only."""


NO_OPINION = Opinion({}, {}, 0.0)


class Choice(NamedTuple):
    """The best answer, whether or not it is good enough."""

    lesson: Lesson
    score: float


def choose(text: str, hits: Sequence[Hit], opinion: Opinion) -> Choice | None:
    """The best answer among hits (nearest first); None where they hold none that may be given.

    The nearest HITS vote; the others are there for the head, which may know better. A text without
    words is answered only where it was taught itself: embedders see all such texts as the same.
    """
    allowed = [hit for hit in hits if hit.lesson.good and not _refuted(hit, hits)]
    if not allowed:
        return None
    settled = _settled(text, allowed)
    if settled:
        return Choice(settled.lesson, min(1.0, settled.score))
    if not words(text):
        return None
    votes = _votes(allowed)
    shares = _shares(votes, opinion)
    best = max(allowed, key=lambda hit: (shares[normalise(hit.lesson.good)], hit.score))
    return Choice(best.lesson, _score(best, allowed, votes, opinion))


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


def _votes(hits: Sequence[Hit]) -> dict[str, float]:
    """Of each answer, the share of the nearest HITS' votes; they add up to 1."""
    votes: dict[str, float] = {}
    for rank, hit in enumerate(hits):
        answer = normalise(hit.lesson.good)
        vote = exp(SHARPNESS * hit.score) if rank < HITS else 0.0
        votes[answer] = votes.get(answer, 0.0) + vote
    total = sum(votes.values())
    return {answer: vote / total for answer, vote in votes.items()}


def _shares(votes: Mapping[str, float], opinion: Opinion) -> dict[str, float]:
    """Of each answer, 0 to 1: the votes, mixed with what the head thinks."""
    weight, learnt = HEAD_SHARE * opinion.trust, _learnt(votes, opinion)
    shares = dict(votes)
    for answer in votes.keys() & opinion.likely.keys():
        likely = learnt * opinion.likely[answer]
        shares[answer] = (1 - weight) * votes[answer] + weight * likely
    return shares


def _learnt(votes: Mapping[str, float], opinion: Opinion) -> float:
    """The votes for all answers that the head has learnt: it divides these, and no others."""
    return sum(vote for answer, vote in votes.items() if answer in opinion.likely)


def _score(
    best: Hit, allowed: Sequence[Hit], votes: Mapping[str, float], opinion: Opinion
) -> float:
    """Likeness times the root of how sure the answer is, by the votes or, if it knows, the head.

    Another root brings the head's, whose soft opinion is spread over all its answers, to the scale
    of the votes': answers of both kinds pass the same gate.
    """
    answer = normalise(best.lesson.good)
    plain = _unit(best.score) * sqrt(_shares(votes, opinion)[answer])
    if answer not in opinion.soft:
        return plain
    near = [_unit(hit.score) for hit in allowed[:NEAR]]
    sure = _learnt(votes, opinion) * opinion.soft[answer]
    learnt = sqrt(sum(near) / len(near) * sqrt(sure))
    return (1 - opinion.trust) * plain + opinion.trust * learnt


def _unit(likeness: float) -> float:
    return min(1.0, max(0.0, likeness))
