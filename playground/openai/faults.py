"""Faults on demand: what a provider does on a bad day, for tests of those who must bear it."""

from collections.abc import Collection
from typing import Any, NamedTuple

from playground.faults import Waiting

KINDS = ("rate_limit", "quota", "error", "no_tuning", "hang", "slow", "cut")
WISHES = {"kind", "count", "path", "method", "seconds", "status", "after"}


class Fault(NamedTuple):
    """What befalls a call."""

    kind: str
    status: int = 500
    """Of an `error`."""
    seconds: float = 0.1
    """Of `rate_limit`: Retry-After. Of `hang` and `slow`: the pause before anything is answered."""
    after: int = 1
    """Of `cut`: how many pieces still come."""


class Faults(Waiting):
    """The faults that still wait for their calls."""

    def __init__(self, kinds: Collection[str] = KINDS) -> None:
        super().__init__()
        self._kinds = kinds

    def add(self, kind: str, **wish: Any) -> None:
        """Plan a fault. Raises ValueError.

        `kind`: rate_limit, quota, error (`status`), no_tuning, hang (the connection then ends
        without a word), slow (the answer comes all the same) or cut (a stream ends `after` so many
        pieces); `count`: how many calls (1); `seconds` (0.1); `path`, `method`: only calls whose
        path contains this.
        """
        if kind not in self._kinds:
            raise ValueError(f"kind must be one of {', '.join(self._kinds)}")
        if unknown := set(wish) - WISHES:
            raise ValueError(f"not known: {', '.join(sorted(unknown))}")
        self._plan({"kind": kind, **wish})

    def due(self, method: str, path: str) -> Fault | None:
        """The fault for this call, used up."""
        wish = self._taken(method, path)
        return Fault(**{k: wish[k] for k in Fault._fields if k in wish}) if wish else None
