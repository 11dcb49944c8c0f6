"""Faults on demand: what Discord does on a bad day, for tests of those who must bear it."""

import threading
from typing import Any, NamedTuple

KINDS = ("rate_limit", "error", "early_404", "timeout")


class Fault(NamedTuple):
    """What befalls a call. `seconds`: retry_after, or how long nothing is answered."""

    kind: str
    status: int
    code: int
    seconds: float


class Plan:
    """The faults that still wait for their calls, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Any]] = []
        self.over = threading.Event()
        """Set when the stand-in stops, so that nobody sleeps on."""

    def add(self, wish: dict[str, Any]) -> None:
        """Plan a fault. Raises ValueError.

        `kind`: rate_limit, error (with `status` and `code`), early_404 or timeout; `count`: how
        many calls (1); `seconds` (0.1); `path`, `method`: only calls whose path contains this.
        """
        if wish.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        with self._lock:
            self._waiting.append({"count": 1, "path": "", "method": "", **wish})

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
                    return _fault(wish)
        return None


def _fault(wish: dict[str, Any]) -> Fault:
    defaults = {"rate_limit": (429, 0), "early_404": (404, 10015), "timeout": (504, 0)}
    status, code = defaults.get(wish["kind"], (int(wish.get("status", 500)), 0))
    code = int(wish.get("code", code))
    return Fault(wish["kind"], status, code, float(wish.get("seconds", 0.1)))
