"""Faults that were asked for and still wait for their calls, whoever is stood in for."""

import threading
from typing import Any


class Waiting:
    """First come, first served. A wish has count, path and method, and what befalls a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Any]] = []
        self.over = threading.Event()
        """Set when the stand-in stops, so that nobody sleeps on."""

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """What has not happened yet."""
        with self._lock:
            return [dict(wish) for wish in self._waiting]

    def _plan(self, wish: dict[str, Any]) -> None:
        with self._lock:
            self._waiting.append({"count": 1, "path": "", "method": "", **wish})

    def _taken(self, method: str, path: str) -> dict[str, Any] | None:
        """The wish for this call, used up once more."""
        with self._lock:
            for wish in self._waiting:
                if wish["path"] in path and wish["method"] in ("", method):
                    wish["count"] -= 1
                    if wish["count"] <= 0:
                        self._waiting.remove(wish)
                    return wish
        return None
