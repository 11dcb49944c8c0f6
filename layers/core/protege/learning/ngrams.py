"""Likeness in spelling: TF-IDF over words and the character n-grams inside them.

It needs no language model, so it serves every script, and inflected words (пароль, пароля) share
most of their n-grams. The hash is CRC-32, the same in every process and version of Python.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from protege.learning.grammar import GRAMMAR
from protege.learning.wording import words

SIZES = (3, 4, 5)
GRAMMAR_WEIGHT = 0.3
"""Weight of words without a subject of their own; document frequencies cannot tell them from
others as long as little is taught."""
WORD_WEIGHT = 2.0
"""A whole word in common says more than one of its n-grams (there are about ten in a word)."""

Hashes = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class Grams(NamedTuple):
    """A text's n-grams, each once, in order of their hashes, with their weight within the text."""

    hashes: Hashes
    weights: Floats


class Rarity(NamedTuple):
    """Inverse document frequencies. `hashes` is sorted; what is not in it was never seen."""

    hashes: Hashes
    values: Floats
    unseen: float

    def weigh(self, grams: Grams) -> Grams:
        """Unit vector: weight in the text times rarity."""
        weights = grams.weights * self.of(grams.hashes)
        length = float(np.sqrt(weights @ weights)) or 1.0
        return Grams(grams.hashes, weights / np.float32(length))

    def of(self, hashes: Hashes) -> Floats:
        """Rarity of each n-gram."""
        if not len(self.hashes):
            return np.full(len(hashes), self.unseen, np.float32)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[at] == hashes
        return np.where(known, self.values[at], np.float32(self.unseen)).astype(np.float32)


NOTHING_SEEN = Rarity(np.empty(0, np.uint32), np.empty(0, np.float32), 1.0)


class Postings(NamedTuple):
    """For each n-gram the rows that have it: an inverted index.

    Rows and weights of gram `hashes[i]` are `rows[starts[i]:starts[i + 1]]`, same for `weights`.
    """

    hashes: Hashes
    starts: npt.NDArray[np.int64]
    rows: Rows
    weights: Floats
    size: int
    """How many rows there are."""

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        arrays = self.hashes, self.starts, self.rows, self.weights
        return sum(array.nbytes for array in arrays)

    @classmethod
    def of(cls, texts: Sequence[Grams]) -> "Postings":
        """Index weighted grams; row i is texts[i]."""
        hashes = np.concatenate([NOTHING_SEEN.hashes, *(text.hashes for text in texts)])
        weights = np.concatenate([NOTHING_SEEN.values, *(text.weights for text in texts)])
        lengths = [len(text.hashes) for text in texts]
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        return cls._of(hashes, rows, weights, len(texts))

    @classmethod
    def _of(cls, hashes: Hashes, rows: Rows, weights: Floats, size: int) -> "Postings":
        order = np.argsort(hashes, kind="stable")
        distinct, starts = np.unique(hashes[order], return_index=True)
        bounds = np.append(starts, len(hashes)).astype(np.int64)
        return cls(distinct, bounds, rows[order], weights[order], size)

    def extended(self, more: "Postings") -> "Postings":
        """These rows and then those."""
        hashes = [np.repeat(part.hashes, np.diff(part.starts)) for part in (self, more)]
        rows = np.concatenate([self.rows, more.rows + np.int32(self.size)])
        weights = np.concatenate([self.weights, more.weights])
        return self._of(np.concatenate(hashes), rows, weights, self.size + more.size)

    def likeness(self, question: Grams) -> Floats:
        """Cosine of a weighted text to every row, shape (size,)."""
        found = np.zeros(self.size, np.float64)
        if not len(self.hashes):
            return found.astype(np.float32)
        at = np.minimum(np.searchsorted(self.hashes, question.hashes), len(self.hashes) - 1)
        known = self.hashes[at] == question.hashes
        spans = [slice(self.starts[i], self.starts[i + 1]) for i in at[known]]
        if spans:
            rows = np.concatenate([self.rows[s] for s in spans])
            times = np.repeat(question.weights[known], [s.stop - s.start for s in spans])
            weights = np.concatenate([self.weights[s] for s in spans]) * times
            found += np.bincount(rows, weights, minlength=self.size)
        return found.astype(np.float32)


def rarity(texts: Sequence[Grams]) -> Rarity:
    """How rare each n-gram is among texts: ln((1 + rows) / (1 + rows with it)) + 1."""
    if not texts:
        return NOTHING_SEEN
    hashes, counts = np.unique(np.concatenate([t.hashes for t in texts]), return_counts=True)
    return rareness(hashes, counts, len(texts))


def rareness(hashes: Hashes, counts: npt.NDArray[np.int64], texts: int) -> Rarity:
    """The same, where it is known in how many of the texts each n-gram is."""
    values = np.log((1 + texts) / (1 + counts)) + 1
    return Rarity(hashes, values.astype(np.float32), float(np.log(1 + texts) + 1))


@lru_cache(maxsize=8192)
def grams(text: str) -> Grams:
    """The n-grams of a text; weight 1 + ln(count), less for words of grammar."""
    found = [_word(word) for word in words(text)]
    if not found:
        return Grams(np.empty(0, np.uint32), np.empty(0, np.float32))
    hashes, at = np.unique(np.concatenate([h for h, _ in found]), return_inverse=True)
    weights = np.bincount(at, np.concatenate([w for _, w in found]))
    counts = np.bincount(at)
    damped = weights / counts * (1 + np.log(counts))
    return Grams(hashes, damped.astype(np.float32))


@lru_cache(maxsize=20_000)
def _word(word: str) -> Grams:
    framed = f" {word} "
    pieces = [framed[i : i + n] for n in SIZES for i in range(len(framed) - n + 1)]
    hashes = [crc32(piece.encode()) for piece in [f"={word}", *pieces]]
    weights = np.ones(len(hashes), np.float32)
    weights[0] = WORD_WEIGHT
    if word in GRAMMAR:
        weights *= GRAMMAR_WEIGHT
    return Grams(np.array(hashes, np.uint32), weights)


def arrays(index: Postings, rare: Rarity) -> dict[str, npt.NDArray[np.generic]]:
    """Both as plain arrays, to be stored together."""
    return {
        "hashes": index.hashes,
        "starts": index.starts,
        "rows": index.rows,
        "weights": index.weights,
        "size": np.array(index.size),
        "rare_hashes": rare.hashes,
        "rare_values": rare.values,
        "unseen": np.array(rare.unseen),
    }


def from_arrays(found: Mapping[str, npt.NDArray[np.generic]]) -> tuple[Postings, Rarity]:
    """What `arrays` gave."""
    a = {name: np.asarray(found[name]) for name in found}
    index = Postings(a["hashes"], a["starts"], a["rows"], a["weights"], int(a["size"]))
    return index, Rarity(a["rare_hashes"], a["rare_values"], float(a["unseen"]))
