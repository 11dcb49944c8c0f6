"""Questions that are almost the same: MinHash over three-letter pieces, in bands.

Of two texts' 18 least hash values about as large a part is the same as of their pieces
(Broder 1997, "On the resemblance and containment of documents"); with six bands of three, 96 % of
the pairs that share 75 % of their pieces meet in some band. Every table has a fixed size.
"""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import eq
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from protege.datasets.report.memory import SHOWN

BANDS, IN_A_BAND = 6, 3
HASHES = BANDS * IN_A_BAND
AGREE = 11
"""So many of 18 hash values must be the same: texts that only begin alike fail here."""
ALIKE = 0.75
"""Share of three-letter pieces that two beginnings must have in common."""
SLOT_BITS = 18
LOOKED_AT = 500
"""Characters of a question that are compared."""
BATCH = 1 << 16
"""Characters that are hashed at once: a few MB of arrays."""
PIECE = 3
NUMBER = re.compile(r"\d+")
MIX = np.uint64(0x9E3779B97F4A7C15)
SALTS = np.random.default_rng(1).integers(1, 1 << 63, (HASHES, 1), dtype=np.uint64) | np.uint64(1)

Hashes = npt.NDArray[np.uint64]


class Question(NamedTuple):
    """A question to compare. `ordinal`: from 1, rising; 0 where it is not to be remembered."""

    ordinal: int
    number: int
    file: str
    text: str


class Near:
    """Finds earlier questions that are almost the same.

    `beginning`: gives the first `SHOWN` characters of a remembered question, normalised.
    """

    def __init__(self, beginning: Callable[[int], str]) -> None:
        self._beginning = beginning
        self._waiting: list[Question] = []
        self._characters = 0
        self._tables = [array("Q", bytes(8 << SLOT_BITS)) for _ in range(BANDS)]
        self._sketches = bytearray()

    def add(self, question: Question) -> Iterator[tuple[Question, int]]:
        """Compare a question; what is found (with the earlier ordinal) comes in batches."""
        self._waiting.append(question._replace(text=question.text[:LOOKED_AT]))
        self._characters += min(len(question.text), LOOKED_AT)
        if self._characters >= BATCH:
            yield from self.rest()

    def rest(self) -> Iterator[tuple[Question, int]]:
        """What is found among the questions that still wait."""
        waiting, self._waiting, self._characters = self._waiting, [], 0
        if not waiting:
            return
        hashes = minhashes([question.text for question in waiting])
        sketches = (hashes & np.uint64(0xFF)).astype(np.uint8)
        for question, sketch, keys in zip(waiting, sketches, _bands(hashes).tolist(), strict=True):
            found = self._place(question, sketch.tobytes(), keys)
            if found:
                yield question, found

    def _place(self, question: Question, sketch: bytes, keys: Sequence[int]) -> int:
        """Look in every band, leave the question where nothing like it was; what was found, or 0.

        A slot holds the upper half of a key and the ordinal of the last question that fell there.
        """
        self._remember(question.ordinal, sketch)
        tried = {0}
        for table, key in zip(self._tables, keys, strict=True):
            slot, tag = key & ((1 << SLOT_BITS) - 1), key >> 32
            earlier = table[slot] & 0xFFFFFFFF
            if table[slot] >> 32 == tag and earlier not in tried:
                if self._alike(question, sketch, earlier):
                    return earlier
                tried.add(earlier)
            if question.ordinal:
                table[slot] = tag << 32 | question.ordinal
        return 0

    def _remember(self, ordinal: int, sketch: bytes) -> None:
        if ordinal:
            self._sketches += bytes((ordinal - 1) * HASHES - len(self._sketches)) + sketch

    def _alike(self, question: Question, sketch: bytes, earlier: int) -> bool:
        known = self._sketches[(earlier - 1) * HASHES : earlier * HASHES]
        if sum(map(eq, sketch, known)) < AGREE:
            return False
        return alike(question.text[:SHOWN], self._beginning(earlier))


def alike(one: str, other: str) -> bool:
    """Whether two normalised texts share most of their three-letter pieces.

    Texts with other numbers in them are never alike: "plan 1" is not "plan 2".
    """
    if NUMBER.findall(one) != NUMBER.findall(other):
        return False
    a, b = _pieces(one), _pieces(other)
    return len(a & b) >= ALIKE * len(a | b)


def _pieces(text: str) -> set[str]:
    padded = _padded(text)
    return {padded[at : at + PIECE] for at in range(len(padded) - PIECE + 1)}


def _padded(text: str) -> str:
    return f"  {text} "


def minhashes(texts: Sequence[str]) -> Hashes:
    """Shape (texts, 18): for each text the least of its pieces' hashes under 18 hash functions."""
    padded = [_padded(text) for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.array([len(text) for text in padded])
    starts = np.cumsum(lengths) - lengths
    wide = codes.astype(np.uint64)
    pieces = wide.copy()
    for step in range(1, PIECE):
        pieces[:-step] += wide[step:] << np.uint64(21 * step)
    pieces = (pieces ^ (pieces >> np.uint64(29))) * MIX
    across = (starts + lengths)[:, None] - np.arange(1, PIECE)
    return np.stack([_least(pieces, salt, starts, across) for salt in SALTS], axis=1)


def _least(pieces: Hashes, salt: Hashes, starts: npt.NDArray[np.int64], across: Hashes) -> Hashes:
    """`across`: pieces that reach into the next text, which do not count."""
    hashes = (pieces * salt) >> np.uint64(24)
    hashes[across] = np.uint64(1 << 40)
    least: Hashes = np.minimum.reduceat(hashes, starts)
    return least


def _bands(hashes: Hashes) -> Hashes:
    """Shape (texts, 6): one 64-bit key from the three hashes of each band."""
    bands = hashes.reshape(len(hashes), BANDS, IN_A_BAND)
    mixed = bands[:, :, 0] * MIX
    for column in range(1, IN_A_BAND):
        mixed = (mixed ^ (mixed >> np.uint64(31)) ^ bands[:, :, column]) * MIX
    keys: Hashes = mixed ^ (mixed >> np.uint64(32))
    return keys
