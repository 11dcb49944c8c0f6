"""The one worker there may be: two would both answer every message, and tear at the same calls."""

import asyncio
import time

from protege.app import App
from protege.errors import BotError
from protege.journal import note, trouble

WORK = "voice-worker"
LEASE_S = 12.0
"""A worker that was killed loses its seat after this long."""
PATIENCE_S = 45.0
"""How long to wait for the seat, where others may have been started just as well."""
AGAIN_S = 1.0


class Seat:
    """`worker`: this worker's own name."""

    def __init__(self, app: App, worker: str) -> None:
        self._app = app
        self._worker = worker
        self._started_at = time.time()
        self._lock = asyncio.Lock()

    async def take(self, stop: asyncio.Event) -> bool:
        """Wait for the seat; False: another worker keeps it, or we are told to stop. Where a
        worker is to run always, or storage is down, wait as long as it takes."""
        ends = time.monotonic() + PATIENCE_S
        while not stop.is_set():
            try:
                if await self._mine():
                    await asyncio.to_thread(self._beat, 0)
                    return True
            except BotError as error:  # storage is down: nobody else sits there, either
                trouble("seat", error)
                ends = time.monotonic() + PATIENCE_S
            if self._app.config.voice != "always" and time.monotonic() > ends:
                note("another voice worker runs")
                return False
            await _first(stop, AGAIN_S)
        return False

    async def keep(self, calls: int) -> bool:
        """Say that we are here, in so many channels; False: somebody else took the seat."""
        async with self._lock:
            try:
                mine = await self._mine()
                if mine:
                    await asyncio.to_thread(self._beat, calls)
            except BotError as error:
                trouble("presence", error)
                return True
            return mine

    async def leave(self) -> None:
        """Make room, once what is being said of us is said. Raises Unavailable."""
        async with self._lock:
            await asyncio.to_thread(self._app.presence.gone, self._worker)
            if await self._mine():
                await asyncio.to_thread(self._app.claims.release, WORK)

    async def _mine(self) -> bool:
        take = self._app.claims.take
        return await asyncio.to_thread(take, WORK, self._worker, LEASE_S) == "mine"

    def _beat(self, calls: int) -> None:
        self._app.presence.beat(self._worker, self._started_at, calls)


async def _first(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
