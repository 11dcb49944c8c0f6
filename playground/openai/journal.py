"""Who asked what, and what it cost; never the words themselves."""

import threading
import time
from collections import deque
from typing import NamedTuple

KEPT = 1000


class Call(NamedTuple):
    """A request and its answer."""

    at: float
    """Seconds since 1970."""
    method: str
    path: str
    status: int
    model: str
    """Empty where the call is about no model."""
    tokens_in: int
    tokens_out: int
    fault: str
    """Kind of the fault that befell it; empty where none did."""


class Journal:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=KEPT)

    def note(self, call: Call) -> None:
        """Add a call."""
        with self._lock:
            self._calls.append(call)

    def calls(self, path: str = "") -> list[Call]:
        """All kept calls whose path contains this."""
        with self._lock:
            return [call for call in self._calls if path in call.path]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._calls.clear()


def now() -> int:
    """Whole seconds since 1970, as OpenAI's objects tell the time."""
    return int(time.time())
