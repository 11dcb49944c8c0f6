"""One source being played: a thread that sends a frame every 20 ms, or holds it back."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from protege.journal import trouble
from voice_worker.audio import FRAME_S, SILENCE, Played, Source

TRAILING = 5
"""Frames of silence behind speech, so that nobody's decoder goes on guessing.
Source: https://docs.discord.com/developers/topics/voice-connections#voice-data-interpolation
"""
LEAD_S = 0.2
"""Silence after the connection or its keys became ready: others take them into use a moment
later."""
PATIENCE_S = 30.0
"""So long a source waits to be let out; then it is given up."""
_BEHIND_S = 0.06  # later than this we go on from now instead of catching up with a burst


class Way(Protocol):
    """Where frames go."""

    def open_since(self) -> float | None:
        """time.monotonic() since which speech may be sent; None: it may not now."""

    def send(self, frame: bytes) -> bool:
        """Send 20 ms of opus; False: it could not be, or not in secret."""


class Playing(threading.Thread):
    """Plays `source`, then calls `done`, in this thread."""

    def __init__(self, source: Source, way: Way, done: Callable[[Played], None]) -> None:
        super().__init__(name="playing", daemon=True)
        self._source, self._way, self._done = source, way, done
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._due = 0.0
        self._held: bytes | None = None
        self.frames = 0

    def stop(self) -> None:
        """From any thread. No speech leaves after this returns."""
        with self._lock:
            self._stopped.set()

    def run(self) -> None:
        whole = False
        try:
            whole = self._play()
            self._trail()
        except Exception as error:  # the source's; the line goes on
            trouble("playing", error)
        finally:
            self._done(Played(self.frames, whole))

    def _play(self) -> bool:
        """Whether the source was played to its end."""
        let_out = self._due = time.monotonic()
        while not self._stopped.is_set():
            since, now = self._way.open_since(), time.monotonic()
            if since is None and now - let_out > PATIENCE_S:
                return False
            let_out = now if since is not None else let_out
            if since is not None and not self._turn(now - since):
                return True
            self._pause()
        return False

    def _turn(self, open_for: float) -> bool:
        """Send silence or the next frame; False: there is none any more."""
        return self._way.send(SILENCE) or True if open_for < LEAD_S else self._step()

    def _step(self) -> bool:
        if self._held is None:
            self._held = self._source.read()
        if self._held is None:
            return False
        with self._lock:
            if self._stopped.is_set():
                return True
            sent = self._way.send(self._held or SILENCE)
        if sent:
            self.frames += bool(self._held)
        if sent or not self._held:
            self._held = None
        return True

    def _pause(self) -> None:
        """Until the next frame is due, on a grid of 20 ms that lateness does not shift, unless it
        is great.
        """
        now = time.monotonic()
        self._due = self._due + FRAME_S if now - self._due < _BEHIND_S else now + FRAME_S
        self._stopped.wait(max(0.0, self._due - now))

    def _trail(self) -> None:
        if not self.frames:
            return
        for _ in range(TRAILING):
            time.sleep(max(0.0, self._due - time.monotonic()))
            self._way.send(SILENCE)
            self._due = max(self._due, time.monotonic() - _BEHIND_S) + FRAME_S
        time.sleep(max(0.0, self._due - time.monotonic()))
