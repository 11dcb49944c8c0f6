"""One browser tab in a voice channel: what it says is fed to a seat, what the seat hears goes back.

Over the websocket travel, from the browser,
    {"do": "join", "channel": id}   {"do": "leave"}   {"do": "mute", "muted": bool, "deaf": bool}
    and, as bytes, what its person says: signed 16 bits little endian, 48 kHz, mono, any length;
to the browser
    {"is": "joined", "channel": id}, also when somebody moved the person
    {"is": "refused", "channel": id, "why": "unknown" | "permission" | "full" | "failed"}
    {"is": "left", "why": "asked" | "elsewhere" | "removed"}
    and, as bytes, what others say: 8 bytes with the speaker's id, big endian, then 20 ms of sound
    as above.
"""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from playground.discord.journal import Journal
from playground.voice.seat import Seat, Sit
from playground.voice.states import CannotJoin, VoiceStates

JOIN_S = 20.0
"""How long a seat may take to be taken."""
MOST_UNHEARD = 250
"""Frames kept for a browser that does not read: 5 s of one speaker; then the oldest are dropped."""


class Tab:
    """`socket`: to the browser of `user`, opened by `request`; `sit` makes their seat."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        user: str,
        sit: Sit,
        states: VoiceStates,
        journal: Journal,
    ) -> None:
        self.user = user
        self.channel = ""
        """Where its person sits, as far as this tab brought them there."""
        self._socket, self._line = socket, request.transport
        self._sit, self._states, self._journal = sit, states, journal
        self._loop = asyncio.get_running_loop()
        self._seat: Seat | None = None
        self._going: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._unheard: deque[bytes] = deque(maxlen=MOST_UNHEARD)

    async def run(self, entering: Callable[["Tab"], Any]) -> None:
        """Until the browser goes. `entering` is awaited before each join."""
        telling = asyncio.create_task(self._tell())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    await self._speak(message.data)
                elif message.type is WSMsgType.TEXT:
                    await self._obey(_wish(message.data), entering)
        finally:
            await self._stop_going()
            await self._rise()
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def remove(self, why: str) -> None:
        """Make the person leave, and say why; nothing where they are in no channel."""
        await self._stop_going()
        if self._seat is not None:
            await self._rise()
            await self._say({"is": "left", "why": why})

    def seated(self, channel: str) -> None:
        """The person was moved to `channel`, or removed (""); from any thread."""
        self._loop.call_soon_threadsafe(self._seated, channel)

    def hang_up(self) -> None:
        """Cut the line to the browser, as a lost network does; from any thread."""
        self._loop.call_soon_threadsafe(self._abort)

    def _seated(self, channel: str) -> None:
        if self.channel in ("", channel):  # not there yet, or this tab's own doing
            return
        if channel:
            self.channel = channel
            going = self._say({"is": "joined", "channel": channel})
        else:
            going = self.remove("removed")
        task = asyncio.create_task(going)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _abort(self) -> None:
        if self._line is not None:
            self._line.abort()

    async def _obey(self, wish: dict[str, Any], entering: Callable[["Tab"], Any]) -> None:
        if wish.get("do") == "join":
            await self._stop_going()
            await entering(self)
            self._going = asyncio.create_task(self._join(str(wish.get("channel"))))
        elif wish.get("do") == "leave":
            await self.remove("asked")
        elif wish.get("do") == "mute" and (seat := self._states.of(self.user)):
            muted, deaf = bool(wish.get("muted")), bool(wish.get("deaf"))
            self._states.change(self.user, seat.guild, self_mute=muted, self_deaf=deaf)

    async def _join(self, channel: str) -> None:
        await self._rise()
        try:
            if why := self._states.refusal(self.user, channel):
                raise CannotJoin(why)
            self._seat = self._sit(self.user, self._hear)
            await asyncio.wait_for(self._seat.join(channel), JOIN_S)
        except CannotJoin as refused:
            await self._refuse(channel, refused.why)
        except Exception as error:  # whatever broke, the person is told and may try again
            self._journal.violation("", "voice", f"{self.user} could not join: {error!r}")
            await self._refuse(channel, "failed")
        else:
            self.channel = channel
            await self._say({"is": "joined", "channel": channel})

    async def _refuse(self, channel: str, why: str) -> None:
        await self._rise()
        await self._say({"is": "refused", "channel": channel, "why": why})

    async def _stop_going(self) -> None:
        going, self._going = self._going, None
        if going is not None and not going.done():
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)

    async def _rise(self) -> None:
        seat, self._seat, self.channel = self._seat, None, ""
        self._unheard.clear()
        if seat is not None:
            with suppress(OSError, TimeoutError):  # a line that is gone already
                await asyncio.wait_for(seat.leave(), JOIN_S)

    async def _say(self, news: dict[str, Any]) -> None:
        with suppress(ConnectionError):  # the browser has just gone: `run` ends by itself
            await self._socket.send_json(news)

    async def _speak(self, pcm: bytes) -> None:
        if self.channel and self._seat is not None and len(pcm) % 2 == 0:
            await self._seat.feed(pcm)

    def _hear(self, user: str, pcm: bytes) -> None:
        self._loop.call_soon_threadsafe(self._keep, struct.pack(">Q", int(user)) + pcm)

    def _keep(self, frame: bytes) -> None:
        if self.channel:
            self._unheard.append(frame)
            self._news.set()

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._unheard:
                with suppress(ConnectionError):
                    await self._socket.send_bytes(self._unheard.popleft())


def _wish(text: str) -> dict[str, Any]:
    """What a browser wants; nothing where it speaks another language."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
