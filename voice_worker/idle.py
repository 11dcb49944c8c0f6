"""When a call is over by itself, and when the worker is. Pure: told of the time, it says so."""

from typing import Literal

Why = Literal["", "idle", "alone"]
ALONE_PART = 5
"""An empty channel is left in a fifth of the time: nobody would speak, only come back."""


class Idle:
    """One call's. Times are seconds of any clock that does not run backwards."""

    def __init__(self, idle_s: float, now: float) -> None:
        self._idle_s = idle_s
        self._active_at = now
        self._alone_since: float | None = now

    def active(self, now: float) -> None:
        """Somebody speaks, or is spoken to."""
        self._active_at = now

    def people(self, count: int, now: float) -> None:
        """So many people are in the channel now."""
        if count and self._alone_since is not None:
            self._active_at = now
        if not count and self._alone_since is None:
            self._alone_since = now
        elif count:
            self._alone_since = None

    def over(self, now: float) -> Why:
        """Why to leave; empty: stay."""
        alone = self._alone_since
        if alone is not None and now - max(alone, self._active_at) >= self._idle_s / ALONE_PART:
            return "alone"
        return "idle" if now - self._active_at >= self._idle_s else ""


class Unused:
    """The worker's own: how long it has been in no channel."""

    def __init__(self, idle_s: float, now: float) -> None:
        self._idle_s = idle_s
        self._used_at = now

    def calls(self, count: int, now: float) -> None:
        """It is in so many channels now, or has orders in hand."""
        if count:
            self._used_at = now

    def over(self, now: float) -> bool:
        """Whether it may end."""
        return now - self._used_at >= self._idle_s
