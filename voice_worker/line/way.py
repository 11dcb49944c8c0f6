"""The part of a link that its playing thread uses: which session there is, and is it safe."""

import asyncio
import time
from collections import Counter

from voice_worker.audio import SILENCE
from voice_worker.line.session import Session


class OpenWay:
    """Lets speech out only in secret, or where nobody else is. `counts` is added to."""

    def __init__(self, counts: Counter[str]) -> None:
        self.session: Session | None = None
        self.others = True
        """Whether anybody else, a bot too, sits in the channel as far as the gateway told."""
        self.news = asyncio.Event()
        """Set at every change; whoever waits clears it first."""
        self._counts = counts
        self._since: float | None = None

    @property
    def connected(self) -> bool:
        return self.session is not None and self.session.up

    @property
    def alone(self) -> bool:
        """Neither the gateway nor the voice server knows of anybody else."""
        session = self.session
        return not self.others and session is not None and not session.keys.others

    @property
    def secure(self) -> bool:
        """The group is ready, or there is nobody to encrypt for."""
        session = self.session
        return session is not None and (session.keys.ready or self.alone)

    def changed(self) -> None:
        """Look anew: people, keys or the session changed. On the loop."""
        if not (self.connected and self.secure):
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()
        self.news.set()

    def open_since(self) -> float | None:
        """time.monotonic() since which speech may be sent; None: it may not now."""
        return self._since

    def send(self, frame: bytes) -> bool:
        """Send 20 ms of opus. Where nobody is and there is no key, silence goes out in its place;
        False: others are there and it could not be sent in secret.
        """
        session = self.session
        if session is None or not session.up:
            return False
        if session.send(frame):
            self._counts["sent"] += frame != SILENCE
            return True
        if self.alone:
            self._counts["unheard"] += 1
            return session.send(SILENCE)
        self._counts["plaintext_refused"] += 1
        return False
