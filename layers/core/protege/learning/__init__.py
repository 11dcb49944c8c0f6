"""What is learnt, and how: lessons, their index, the trained head, the "not taught" gate.

Pure computation over numpy arrays; it reads and writes nothing.
"""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (rows, dims), each row of unit length."""


class Lesson(NamedTuple):
    """One thing the bot was taught. At least one of `good` and `bad` is not empty."""

    id: str
    """Unique in the guild; ids of later lessons sort after those of earlier ones."""
    input: str
    """What a person asks."""
    good: str
    """What to answer; empty where only a wrong answer is known."""
    bad: str = ""
    """What not to answer."""
    kind: str = "example"
    """`example` (from training data) or `correction` (a person mended an answer)."""
    author: str = ""
    """Discord id of the person who gave it."""
    source: str = ""
    """Where it came from: a dataset's hash, an answer's id."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness in meaning."""

    @property
    def id(self) -> str:
        """Name and weights' hash: vectors of different ids are never compared."""

    @property
    def dims(self) -> int:
        """Columns of what `embed` returns."""

    def embed(self, texts: list[str]) -> Vectors:
        """One unit row for each text, in their order."""
