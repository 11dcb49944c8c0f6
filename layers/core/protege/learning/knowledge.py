"""What a model knows: lessons in an index, how rare n-grams are, the head; and how it chooses."""

from collections.abc import Mapping
from typing import NamedTuple

from protege.learning import Vectors
from protege.learning.answering import Choice, choose
from protege.learning.head import Head
from protege.learning.index import SPELLING, Hit, Index, Question, question
from protege.learning.ngrams import Rarity
from protege.learning.wording import normalise

HEAD_SHARE = 0.8
"""Of the head's opinion against the neighbours' votes."""


class Opinion(NamedTuple):
    """The head's probabilities of answers (normalised), and how much they count, 0 to 1."""

    shares: Mapping[str, float]
    weight: float


NO_OPINION = Opinion({}, 0.0)


class Knowledge(NamedTuple):
    """Immutable."""

    shelf: Index
    rare: Rarity
    head: Head | None
    embedder_id: str

    def question(self, text: str, vector: Vectors) -> Question:
        """A question made ready to be compared with these lessons."""
        return question(text, vector, self.rare, self.embedder_id)

    def choose(self, asked: Question, hits: list[Hit], unknown: str = "") -> Choice | None:
        """The best answer among hits, as if the answer `unknown` had never been taught."""
        opinion = NO_OPINION
        if self.head:
            opinion = _opinion(self.head, asked, hits, unknown)
        return choose(asked.text, hits, opinion.shares, opinion.weight)


def _opinion(head: Head, asked: Question, hits: list[Hit], unknown: str) -> Opinion:
    """The head sees the embedding only, so it counts as far as the embedder reads the text."""
    found = head.probabilities(asked.vector)
    gone = head.column(unknown)
    if gone is not None:
        found[gone] = 0
        found /= found.sum() or 1
    shares = {}
    for answer in {normalise(hit.lesson.good) for hit in hits}:
        column = head.column(answer)
        shares[answer] = 0.0 if column is None else float(found[column])
    return Opinion(shares, HEAD_SHARE * (1 - asked.spelling) / (1 - SPELLING))
