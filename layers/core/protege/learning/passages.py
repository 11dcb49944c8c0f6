"""Passages of a document that answer a question."""

import re
from collections.abc import Iterator

import numpy as np

from protege.learning import Embedder
from protege.learning.index import evened, spelling_share
from protege.learning.ngrams import Floats, Postings, grams, rarity

LONGEST = 400
"""Characters in a passage: about 100 of the 256 tokens that the embedder reads."""
MOST = 48
"""Passages that are embedded (30 ms each); spelling chooses them where a document has more."""
MOST_TEXT = 1_000_000
"""Characters looked at: a book has less."""
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n\s*")


def best_passages(text: str, question: str, embedder: Embedder, k: int) -> list[str]:
    """The `k` passages most like the question, in the order of the text; fewer where it is short.

    About two seconds for a long text on one core.
    """
    found = list(passages(text[:MOST_TEXT]))
    if len(found) <= k:
        return found
    spelling = _spelling(found, question)
    rows = np.sort(np.argsort(-spelling, kind="stable")[:MOST])
    vectors = embedder.embed([question, *(found[row] for row in rows)])
    share = spelling_share(question, embedder.id)
    alike = (1 - share) * (vectors[1:] @ vectors[0]) + share * spelling[rows]
    best = rows[np.argsort(-alike, kind="stable")[:k]]
    return [found[row] for row in sorted(best)]


def passages(text: str) -> Iterator[str]:
    """Whole sentences, as many as fit into LONGEST characters; a longer sentence is cut."""
    passage = ""
    for sentence in _sentences(text):
        if passage and len(passage) + 1 + len(sentence) > LONGEST:
            yield passage
            passage = ""
        passage = f"{passage} {sentence}".strip()
    if passage:
        yield passage


def _sentences(text: str) -> Iterator[str]:
    for sentence in SENTENCE.split(text):
        for start in range(0, len(sentence), LONGEST):
            yield sentence[start : start + LONGEST].strip()


def _spelling(found: list[str], question: str) -> Floats:
    counted = [grams(passage) for passage in found]
    rare = rarity(counted)
    index = Postings.of([rare.weigh(some) for some in counted])
    return evened(index.likeness(rare.weigh(grams(question))))
