"""Tuning a guild's instruction: proposed by a model, proven on questions it has not seen.

GEPA (arXiv 2507.19457, library `gepa`) searches. It is given the same seed whenever a job is taken
up again, and every call that was paid for is remembered in files (`calls`), so its search repeats
itself without a cost up to where it was and goes on from there: it has no state of its own to keep.
"""

from collections.abc import Callable
from typing import NamedTuple

from protege.providers import Usage

LONGEST = 4000
"""Characters of an instruction, as in the form where people write one."""


class Tuning(NamedTuple):
    """How much a tuning may take."""

    calls: int = 300
    """Calls of the model at most, comparisons and proposals together."""
    model: str = ""
    """The model that proposes instructions; empty: the one that answers."""
    piece_s: float = 8.0
    """Seconds after which no further call is begun in one piece of work."""
    price: Callable[[str, Usage], float | None] = lambda model, usage: None
    """Dollars for what a model used; None where nobody told its price."""
