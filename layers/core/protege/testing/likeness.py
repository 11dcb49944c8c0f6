"""How alike two answers are, 0 to 1: in meaning, and in spelling where the embedder cannot read.

Weighed as the index weighs questions. Of six answers to one question in other words and six answers
to other questions (tests/test_testing_figures.py) the former score 0.48 to 0.72 and the latter 0.11
to 0.42; by letters alone it is 0.17 to 0.45 and 0.24 to 0.60, the wrong way round. A contradiction
in the same words still scores high: that takes a judge.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from protege.learning import Embedder
from protege.learning.index import spelling_share
from protege.learning.wording import normalise

LOOKED_AT = 600
"""Characters of an answer that are compared: some 150 tokens, 60 ms of one core."""


def likenesses(embedder: Embedder, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """For pairs of (predicted, expected) answers; equal ones cost nothing.

    All different texts are embedded at once, each of them once.
    """
    cut = [(a[:LOOKED_AT], b[:LOOKED_AT]) for a, b in pairs if normalise(a) != normalise(b)]
    texts = list(dict.fromkeys(text for pair in cut for text in pair))
    if not texts:
        return [1.0] * len(pairs)
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    found = []
    for a, b in pairs:
        if normalise(a) == normalise(b):
            found.append(1.0)
            continue
        a, b = a[:LOOKED_AT], b[:LOOKED_AT]
        spelling = spelling_share(b, embedder.id)
        meaning = max(0.0, min(1.0, float(vectors[a] @ vectors[b])))
        found.append((1 - spelling) * meaning + spelling * _letters(a, b))
    return found


def _letters(a: str, b: str) -> float:
    """Share of characters that the two have in common, in order."""
    return SequenceMatcher(None, normalise(a), normalise(b)).ratio()
