"""Sound on its way out: a frame every 20 ms, then five of silence."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from playground.voice.opus import FRAME, FRAME_S, SILENCE, Encoder

TRAILING = 5
"""Frames of silence after speech.
Source: https://docs.discord.com/developers/topics/voice-connections#voice-data-interpolation
"""
PAUSE_S = 0.25
"""After so long without sound from a live microphone, speech is over."""
LATE_S = 0.06
"""Who is this late does not catch up."""
MOST = 50
"""Frames that may wait; older ones are dropped."""
SPEAKS, QUIET = 1, 0


class Microphone:
    """`send` puts one opus frame on the line, `announce` tells whether we speak (op 5),
    before each frame."""

    def __init__(
        self, send: Callable[[bytes], None], announce: Callable[[int], Awaitable[None]]
    ) -> None:
        self._send = send
        self._announce = announce
        self._turn = asyncio.Lock()
        self._rest = b""
        self._waiting: deque[bytes] = deque(maxlen=MOST)
        self._more = asyncio.Event()
        self._live: asyncio.Task[None] | None = None

    async def say(self, pcm: bytes) -> float:
        """Speak it in real time. Returns when the last frame of it left (monotonic)."""
        frames = [pcm[at : at + FRAME] for at in range(0, len(pcm), FRAME)]
        async with self._turn:
            encoder, pace, last = Encoder(), Pace(), time.monotonic()
            for frame in frames:
                await self._announce(SPEAKS)
                self._send(encoder.encode(frame))
                last = time.monotonic()
                await pace.next()
            await self._fall_silent(pace)
        return last

    def feed(self, pcm: bytes) -> None:
        """More from a live microphone."""
        self._rest += pcm
        while len(self._rest) >= FRAME:
            self._waiting.append(self._rest[:FRAME])
            self._rest = self._rest[FRAME:]
        self._more.set()
        if self._waiting and (self._live is None or self._live.done()):
            self._live = asyncio.create_task(self._talk())

    def stop(self) -> None:
        """Say nothing more."""
        self._waiting.clear()
        if self._live is not None:
            self._live.cancel()

    async def _talk(self) -> None:
        async with self._turn:
            encoder, pace = Encoder(), Pace()
            while await self._has_more():
                await self._announce(SPEAKS)
                self._send(encoder.encode(self._waiting.popleft()))
                await pace.next()
            await self._fall_silent(pace)

    async def _has_more(self) -> bool:
        if not self._waiting:
            self._more.clear()
            try:
                async with asyncio.timeout(PAUSE_S):
                    await self._more.wait()
            except TimeoutError:
                return False
        return bool(self._waiting)

    async def _fall_silent(self, pace: "Pace") -> None:
        for _ in range(TRAILING):
            self._send(SILENCE)
            await pace.next()
        await self._announce(QUIET)


class Pace:
    """20 ms after 20 ms, without drift."""

    def __init__(self) -> None:
        self._next = time.monotonic()

    async def next(self) -> None:
        """Wait for the next frame's time."""
        now = time.monotonic()
        self._next += FRAME_S
        if now - self._next > LATE_S:
            self._next = now
        await asyncio.sleep(max(0.0, self._next - now))
