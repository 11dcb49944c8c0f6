"""What a model knows: lessons in an index, how rare n-grams are, the head; and how it chooses."""

from typing import NamedTuple

from protege.learning import Vectors
from protege.learning.answering import NO_OPINION, Choice, Opinion, choose
from protege.learning.head import Head
from protege.learning.index import SPELLING, Hit, Index, Question, question
from protege.learning.ngrams import Rarity
from protege.learning.wording import normalise


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
        return choose(asked.text, hits, opinion)


def _opinion(head: Head, asked: Question, hits: list[Hit], unknown: str) -> Opinion:
    answers = {normalise(hit.lesson.good) for hit in hits}
    learnt = {a: c for a in answers - {unknown} if (c := head.column(a)) is not None}
    likely, soft = head.opinions(asked.vector, without=head.column(unknown))
    return Opinion(
        {answer: float(likely[column]) for answer, column in learnt.items()},
        {answer: float(soft[column]) for answer, column in learnt.items() if len(soft)},
        (1 - asked.spelling) / (1 - SPELLING),
    )
