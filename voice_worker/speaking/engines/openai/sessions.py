"""Connections to a realtime model, kept open from one sentence to the next."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from openai.resources.realtime.realtime import RealtimeConnection

IDLE_S = 60.0
"""How long one waits for the next sentence."""
OLDEST_S = 1500.0
"""They are closed from the other side after an hour at most; sooner is safer."""
MOST = 4
"""Idle ones; each is a socket and a thread."""


class Session(NamedTuple):
    """One connection. A voice cannot be changed once it has spoken."""

    connection: RealtimeConnection
    voice: str
    pace: float
    opened: float
    used: float = 0.0
    """When it was last used (time.monotonic(), as `opened`); 0: never before."""

    def fits(self, voice: str, pace: float) -> bool:
        """Whether it speaks so."""
        return (self.voice, self.pace) == (voice, pace)

    @property
    def stale(self) -> bool:
        """Whether it is to be closed."""
        now = time.monotonic()
        return now - self.used > IDLE_S or now - self.opened > OLDEST_S


class Sessions:
    """Those that nobody uses at the moment. For several threads."""

    def __init__(self, opened: Callable[[str, float], RealtimeConnection]) -> None:
        """`opened` opens one for a voice and a pace."""
        self._opened = opened
        self._lock = threading.Lock()
        self._idle: list[Session] = []

    def take(self, voice: str, pace: float, *, new: bool = False) -> Session:
        """One that is ready to speak. Raises what opening it raises."""
        found = None if new else self._fitting(voice, pace)
        return found or Session(self._opened(voice, pace), voice, pace, time.monotonic())

    def give(self, session: Session) -> None:
        """It has spoken, and may again."""
        with self._lock:
            self._idle.append(session._replace(used=time.monotonic()))
            over = self._idle[:-MOST]
            self._idle = self._idle[-MOST:]
        _close(over)

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            idle, self._idle = self._idle, []
        _close(idle)

    def _fitting(self, voice: str, pace: float) -> Session | None:
        with self._lock:
            stale = [it for it in self._idle if it.stale]
            fresh = [it for it in self._idle if not it.stale]
            found = next((it for it in reversed(fresh) if it.fits(voice, pace)), None)
            self._idle = [it for it in fresh if it is not found]
        _close(stale)
        return found


def _close(sessions: list[Session]) -> None:
    for session in sessions:
        session.connection.close()
