"""N-grams of very many texts, as flat arrays: counted in parts, then turned into one index."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.learning.ngrams import (
    NOTHING_SEEN,
    Floats,
    Hashes,
    Postings,
    Rarity,
    grams,
    rareness,
)

Array = npt.NDArray[np.generic]


class Part(NamedTuple):
    """N-grams of some texts, one text after the other."""

    hashes: Hashes
    weights: Floats
    """Within the text, not yet by rarity."""
    lengths: npt.NDArray[np.int32]
    """How many n-grams each text has."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Part":
        """Count texts, which stream by."""
        found = [grams(text) for text in texts]
        return cls(
            np.concatenate([NOTHING_SEEN.hashes, *(one.hashes for one in found)]),
            np.concatenate([NOTHING_SEEN.values, *(one.weights for one in found)]),
            np.array([len(one.hashes) for one in found], np.int32),
        )

    def arrays(self) -> Mapping[str, Array]:
        """To be stored; `Part(**arrays)` is the same again."""
        return self._asdict()

    def texts(self) -> npt.NDArray[np.int64]:
        """Of each n-gram the number of its text."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def weighed(self, rare: Rarity) -> Floats:
        """Weights by rarity, each text of unit length."""
        weights = self.weights * rare.of(self.hashes)
        texts = self.texts()
        squares = np.bincount(texts, weights.astype(np.float64) ** 2, len(self.lengths))
        lengths = np.sqrt(np.where(squares > 0, squares, 1))
        return (weights / lengths[texts]).astype(np.float32)


class Counts(NamedTuple):
    """In how many texts each n-gram is; `hashes` is sorted."""

    hashes: Hashes
    texts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Counts":
        """Count over all parts, one in memory at a time."""
        known = cls(np.empty(0, np.uint32), np.empty(0, np.int64))
        for part in parts:
            hashes, texts = np.unique(part.hashes, return_counts=True)
            together = np.concatenate([known.hashes, hashes])
            found, at = np.unique(together, return_inverse=True)
            both = np.concatenate([known.texts, texts])
            known = cls(found, np.bincount(at, both, len(found)).astype(np.int64))
        return known


def index(parts: Sequence[Callable[[], Part]]) -> tuple[Postings, Rarity]:
    """One index over all parts, read twice; besides it, one part at a time is in memory."""
    lengths: list[int] = []
    counts = Counts.of(_noted(parts, lengths))
    rare = rareness(counts.hashes, counts.texts, sum(lengths))
    starts = np.append(0, np.cumsum(counts.texts)).astype(np.int64)
    rows, weights = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    free, size = starts[:-1].copy(), 0
    for read, texts in zip(parts, lengths, strict=True):
        part = read()
        order = np.argsort(part.hashes, kind="stable")
        gram = np.searchsorted(counts.hashes, part.hashes[order])
        distinct, first, times = np.unique(gram, return_index=True, return_counts=True)
        place = free[gram] + np.arange(len(gram)) - np.repeat(first, times)
        rows[place] = size + part.texts()[order]
        weights[place] = part.weighed(rare)[order]
        free[distinct] += times
        size += texts
    return Postings(counts.hashes, starts, rows, weights, size), rare


def _noted(parts: Sequence[Callable[[], Part]], lengths: list[int]) -> Iterator[Part]:
    for read in parts:
        part = read()
        lengths.append(len(part.lengths))
        yield part
