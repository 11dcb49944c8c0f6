"""Faults on demand: what a provider does on a bad day, for tests of those who must bear it."""

import threading
from collections.abc import Collection
from typing import Any, NamedTuple

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


class Faults:
    """The faults that still wait for their calls, first come first served."""

    def __init__(self, kinds: Collection[str] = KINDS) -> None:
        self._kinds = kinds
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Any]] = []
        self.over = threading.Event()
        """Set when the server stops, so that nobody sleeps on."""

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
        with self._lock:
            self._waiting.append({"kind": kind, "count": 1, "path": "", "method": "", **wish})

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """What has not happened yet."""
        with self._lock:
            return [dict(wish) for wish in self._waiting]

    def due(self, method: str, path: str) -> Fault | None:
        """The fault for this call, used up."""
        with self._lock:
            for wish in self._waiting:
                if wish["path"] in path and wish["method"] in ("", method):
                    wish["count"] -= 1
                    if wish["count"] <= 0:
                        self._waiting.remove(wish)
                    return Fault(**{k: wish[k] for k in Fault._fields if k in wish})
        return None
