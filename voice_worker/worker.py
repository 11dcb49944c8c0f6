"""The worker: one loop that owns the line, the calls and the desk."""

import asyncio
import os
import socket
import time
from collections.abc import Callable
from typing import Literal

from protege.app import App
from protege.config import ConfigError
from protege.errors import BotError
from protege.journal import note, trouble
from protege.voice.orders import Order
from voice_worker.calls.register import Calls
from voice_worker.deeds import Deeds
from voice_worker.desk import Desk
from voice_worker.health import Pulse
from voice_worker.idle import Unused
from voice_worker.line import Events, Line, LoginRefused, Message
from voice_worker.listening.scribe import Scribe
from voice_worker.means import Means
from voice_worker.messages import Messages
from voice_worker.metrics import Metrics, totals
from voice_worker.reading import Reader
from voice_worker.seat import Seat
from voice_worker.speaking import Speaker
from voice_worker.tasks import Tasks, unless
from voice_worker.telling import Telling

BEAT_S = 5.0
LOOK_S = 0.5
CLOSE_S = 4.0
"""Longest farewell: Fargate gives a task more, an impatient operator does not."""
End = Literal["stopped", "unused", "replaced", "refused"]


class Worker:
    """Makes the line's events into calls and answers. To be made and run on one loop."""

    def __init__(
        self, app: App, scribe: Scribe, speaker: Speaker, connect: Callable[[Events], Line]
    ) -> None:
        """`connect`: makes the line, given who is to be told."""
        self.metrics = Metrics()
        self.pulse = Pulse()
        self.stop = asyncio.Event()
        """Set it to have the worker leave and end."""
        self._app, self._scribe = app, scribe
        self._loop = asyncio.get_running_loop()
        self.line = connect(self)
        means = Means(app, self.line, scribe, speaker, Telling(app), self.metrics)
        self.calls = Calls(means)
        self._deeds = Deeds(means, self.calls)
        self._desk = Desk(app.voice_queue, self._act)
        self._messages = Messages(means, self.calls, Reader(app))
        self._seat = Seat(app, f"{socket.gethostname()}-{os.getpid()}-{time.time_ns():x}")
        self._tasks = Tasks()
        self._end: End = "stopped"
        self.metrics.frames(lambda: totals(link.stats for link in self.line.links()))

    @property
    def ready(self) -> bool:
        """Whether orders are taken: the gateway stands, and nobody bade us stop."""
        return self.line.ready.is_set() and not self.stop.is_set()

    async def run(self) -> End:
        """Until `stop` is set, or there is nothing left to do here; why it ended. Raises
        ConfigError where speech cannot be recognised for want of a setting."""
        self._tasks.start("pulse", self.pulse.beating(self.metrics.lag.set))
        if not await self._seat.take(self.stop):
            return "stopped" if self.stop.is_set() else "replaced"
        if not await self._able():
            return self._end
        online = self._tasks.start("line", self._online())
        self._tasks.start("work", self._work())
        self._tasks.start("presence", self._presence())
        self._tasks.start("watch", self.calls.watch())
        self._tasks.start("minutes", self.metrics.minutes(self.calls.__len__))
        await self.stop.wait()
        await self._close(online)
        return self._end

    async def _able(self) -> bool:
        """Have what recognises speech ready, unless bidden to stop. Raises what it fails with,
        which is told to whoever waits for us."""
        try:
            able = await unless(self.stop, self._scribe.start())
        except (BotError, ConfigError) as error:
            await self._deeds.excuse(self._app.voice_queue, error)
            await self._hand_back()
            raise
        if not able:
            await self._close()
        return able

    # ---- what the line tells ---------------------------------------------------------------------

    def heard(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        """From the receiving thread: handed to the loop, which alone touches calls."""
        self._loop.call_soon_threadsafe(self._hear, guild, user, pcm, at)

    async def people(self, guild: str, channel: str, people: frozenset[str]) -> None:
        """Somebody came or went."""
        if call := self.calls.of(guild):
            call.people(people)

    async def moved(self, guild: str, channel: str) -> None:
        """The call goes on elsewhere."""
        note("moved", guild=guild, channel=channel)

    async def left(self, guild: str, why: str) -> None:
        """The call is over."""
        await self.calls.left(guild, why)

    async def message(self, message: Message) -> None:
        """It may be meant for us."""
        await self._messages.take(message)

    def _hear(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        if call := self.calls.of(guild):
            call.hear(user, pcm, at)

    async def _act(self, order: Order) -> None:
        if order.do == "rules":
            self._messages.changed(order.guild)
        await self._deeds.act(order)

    # ---- what goes on all the time ---------------------------------------------------------------

    async def _online(self) -> None:
        try:
            await self.line.run()
        except LoginRefused as error:
            trouble("login refused", error)
            self._over("refused")

    async def _work(self) -> None:
        """First back into the calls of a worker that was killed: what is ordered is meant there."""
        await self.line.ready.wait()
        try:
            await self._deeds.resume()
        except BotError as error:
            trouble("resume", error)
        await self._desk.run()

    async def _presence(self) -> None:
        """Say that we are here; and whether we are still needed, or replaced."""
        unused = Unused(self._app.config.voice_idle_s, time.monotonic())
        said_at = float("-inf")
        while not self.stop.is_set():
            unused.calls(len(self.calls) + self._desk.busy, time.monotonic())
            if self._app.config.voice == "on_demand" and unused.over(time.monotonic()):
                if await self._nothing_left():
                    self._over("unused")
                    return
                unused.calls(1, time.monotonic())
            if time.monotonic() - said_at >= BEAT_S:
                said_at = time.monotonic()
                if not await self._seat.keep(len(self.calls)):
                    self._over("replaced")
                    return
            await asyncio.sleep(LOOK_S)

    async def _nothing_left(self) -> bool:
        """Say that we are gone, then look into the queue once more: what is put there later starts
        another worker. While storage is down we cannot say so, and stay."""
        try:
            await self._seat.leave()
        except BotError as error:
            trouble("presence", error)
            return False
        return not await self._desk.look(0.0) and not self._desk.busy

    def _over(self, why: End) -> None:
        self._end = why
        self.stop.set()

    # ---- the end ---------------------------------------------------------------------------------

    async def _close(self, *online: "asyncio.Task[None]") -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                await asyncio.gather(self._leave(), self._hand_back())
                await asyncio.gather(self._deeds.close(), self._scribe.close(), *online)
        except TimeoutError:
            note("closing took too long")
        await self._tasks.end()

    async def _leave(self) -> None:
        for call in self.calls:
            await self.calls.drop(call.place.guild, last=True)
        await self.line.close()

    async def _hand_back(self) -> None:
        await self._desk.close()
        try:
            await self._seat.leave()
        except BotError as error:
            trouble("presence", error)
