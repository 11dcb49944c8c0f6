"""Where the gateway says that we are in one guild, beside where we wish to be. No I/O, no clock but
the loop's.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import NamedTuple

from voice_worker.line.events import Why

TOGETHER_S = 0.5
"""A server update this much ahead of the voice state belongs to it: their order is not promised."""


class Place(NamedTuple):
    """What a voice session is opened with."""

    channel: int
    session_id: str
    token: str
    endpoint: str


class Over(Exception):
    """The bot is to be there no more."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Standing:
    """`news` is set at every change; whoever waits clears it first."""

    def __init__(self, wanted: int, together_s: float = TOGETHER_S) -> None:
        self.wanted = wanted
        """The channel we wish to be in. A move by somebody else changes the wish."""
        self.channel: int | None = None
        """Where Discord says that we are."""
        self.over: Why | None = None
        """Why we are to be there no more."""
        self.news = asyncio.Event()
        self._together_s = together_s
        self._session_id = ""
        self._server: tuple[str, str] | None = None
        self._server_at = 0.0
        self._hiding = self._stale = False

    @property
    def coming(self) -> bool:
        """Whether Discord put us somewhere and the rest of the place is on its way."""
        return self.channel is not None and not self._stale

    @property
    def place(self) -> Place | None:
        """Complete, or None while Discord owes us a part of it."""
        if self.channel is None or self._server is None:
            return None
        return Place(self.channel, self._session_id, *self._server)

    def state(self, channel: int | None, session_id: str) -> bool:
        """Our own voice state changed; whether somebody else moved us."""
        moved = channel not in (None, self.channel, self.wanted)
        if channel is None:
            self._removed()
        else:
            self._present(channel, session_id)
        self.news.set()
        return moved

    def server(self, token: str, endpoint: str | None) -> None:
        """Our voice server; an endpoint of None: it went away, another one follows."""
        self._server = (token, endpoint) if endpoint else None
        self._server_at = asyncio.get_running_loop().time()
        self.news.set()

    def forget(self) -> None:
        """What Discord gave us is of no use any more."""
        self._server, self._stale = None, True
        self.news.set()

    def anew(self) -> None:
        """The gateway session is a new one: Discord took us out of the channel with the old."""
        self.channel, self._hiding = None, False
        self.forget()

    def finish(self, why: Why) -> None:
        """We are to be there no more; the first reason stands, but a kick of a channel that turns
        out to be deleted is a closure.
        """
        if self.over is None or (self.over, why) == ("kicked", "closed"):
            self.over = why
        self.news.set()

    def hide(self) -> None:
        """We ask Discord to take us out ourselves, only to come back: no kick."""
        self._hiding = True

    async def until(self, true: Callable[[], bool], seconds: float | None) -> None:
        """Wait for it, so long at most (None: for ever). Raises Over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not true():
                    self.check()
                    self.news.clear()
                    await self.news.wait()
        self.check()

    def check(self) -> None:
        """Raises Over when we are to be there no more."""
        if self.over is not None:
            raise Over(self.over)

    def _present(self, channel: int, session_id: str) -> None:
        apart = asyncio.get_running_loop().time() - self._server_at > self._together_s
        if channel != self.channel and apart:
            self._server = None  # the other channel's
        self.channel = self.wanted = channel
        self._session_id = session_id
        self._hiding = self._stale = False

    def _removed(self) -> None:
        """No kick where we have not been: it is the end of an earlier stay."""
        was_there, self.channel = self.channel is not None, None
        if was_there and not self._hiding:
            self.finish("kicked")
