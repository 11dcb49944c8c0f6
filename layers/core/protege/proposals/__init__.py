"""Corrections as people hand them in, and what trainers decide about them."""

from typing import NamedTuple

UNDECIDED = ("live", "waiting")


class Proposal(NamedTuple):
    """A better answer that somebody proposed."""

    id: str
    """Sorts by time."""
    question: str
    given: str
    """The answer it mends; empty where the person taught without one."""
    better: str
    author: str
    at: float
    """Seconds since the epoch."""
    source: str
    """`answer <id>` or `message <id>`."""
    version: int = 0
    """The model version that answered."""
    bad: str = ""
    """What must not be said any more: `given` where it had been taught."""
    state: str = "waiting"
    """live (counts, undecided), waiting (does not count yet), approved, rejected."""
    taught: str = ""
    """The lesson that it has become."""
    replaced: str = ""
    """The lesson that it was before a trainer edited or rejected it."""
    proposed: str = ""
    """What was proposed, where a trainer edited it."""
    decision: str = ""
    """The interaction that decided."""
    decided_by: str = ""
    decided_at: float = 0.0

    @property
    def decided(self) -> bool:
        """Whether a trainer has decided."""
        return self.state not in UNDECIDED


class Decision(NamedTuple):
    """What a trainer says: `interaction` makes a second delivery the same decision."""

    interaction: str
    by: str
    approve: bool
    better: str = ""
    """A better wording, when approving."""
    reopen: bool = False
    """Whether an approved one may be rejected after all."""
