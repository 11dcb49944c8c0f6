"""One voice session: its websocket, its UDP socket, its keys. It ends when they do."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import disnake
from disnake.gateway import DiscordVoiceWebSocket

from protege.journal import trouble
from voice_worker.line.closing import close
from voice_worker.line.keys import Keys
from voice_worker.line.known import Known
from voice_worker.line.packets import SAMPLES, Packet, discovery, sealed
from voice_worker.line.standing import Place

ABNORMAL = 1006
"""The close code of a connection that ended without one.
Source: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
"""
HANDSHAKE_S = 6.0
_SPEAKING, _GONE = 5, 13


class Closed(Exception):
    """The voice websocket closed. `code`: Discord's, or ABNORMAL."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Session(Known):
    """Made for one `place`; `changed` is called, on the loop, when people or keys change."""

    def __init__(
        self,
        client: disnake.Client,
        guild: int,
        place: Place,
        counts: Counter[str],
        changed: Callable[[], None],
    ) -> None:
        super().__init__(client, guild, place)
        self.dave = self.keys = Keys(self, changed)
        self.speakers: dict[int, int] = {}
        """Users by their ssrc."""
        self.key = b""
        """Of the transport, in both directions."""
        self.up = False
        """Whether the websocket stands: only then are frames sent."""
        self._counts = counts
        self._sequence = self._timestamp = self._nonce = 0
        self._sending = threading.Lock()
        self._websockets: list[aiohttp.ClientWebSocketResponse] = []

    async def open(self, *, resume: bool = False) -> None:
        """Connect, until frames can flow. Raises Closed, TimeoutError, OSError."""
        self.hang_up()
        before = self.ws.sequence if resume else None
        async with asyncio.timeout(HANDSHAKE_S):
            self.ws = await DiscordVoiceWebSocket.from_client(
                cast(Any, self), sequence=before, resume=resume, hook=cast(Any, self._told)
            )
            self._websockets.append(self.ws.ws)
            ready = self.ws._resumed if resume else self.ws._ready
            while not ready.is_set():
                await self.poll()
        self.key = bytes(self.secret_key)
        self.up = True

    async def poll(self) -> None:
        """Take one message of the websocket. Raises Closed when there are no more."""
        try:
            await self.ws.poll_event()
        except disnake.ConnectionClosed as closed:
            raise Closed(closed.code if closed.code and closed.code > 0 else ABNORMAL) from None

    async def speak(self, speaking: bool) -> None:
        """Say that we begin or end to speak, without which nobody hears us. A websocket that is
        going down is its supervisor's matter, not ours.
        """
        try:
            await self.ws.speak(speaking)
        except (OSError, disnake.DiscordException) as error:
            trouble("speaking-untold", error)

    def send(self, frame: bytes) -> bool:
        """Send 20 ms of opus, from any one thread. False: it was not, for want of a key or of a
        connection; the frame is never sent in the clear.
        """
        with self._sending:
            secret = self.keys.seal(frame) if self.up else None
            if secret is None:
                return False
            packet = Packet(self._sequence, self._timestamp, self.ssrc, secret)
            self._sequence += 1
            self._timestamp += SAMPLES
            return self._sent(sealed(packet, self.key, self._take_nonce()))

    def probe(self) -> None:
        """Ask the voice server where we are, which also reminds it."""
        self._sent(discovery(self.ssrc))

    def _take_nonce(self) -> int:
        self._nonce += 1
        return self._nonce

    def _sent(self, datagram: bytes) -> bool:
        try:
            self.socket.sendto(datagram, (self.endpoint_ip, self.voice_port))
        except OSError:  # a full buffer, or the socket was closed in between
            self._counts["unsent"] += 1
            return False
        return True

    async def _told(self, _ws: object, message: dict[str, Any]) -> None:
        data = message.get("d") or {}
        if message["op"] == _SPEAKING:
            self.speakers[int(data["ssrc"])] = int(data["user_id"])
        elif message["op"] == _GONE:
            gone = int(data["user_id"])
            self.speakers = {ssrc: who for ssrc, who in self.speakers.items() if who != gone}

    def hang_up(self) -> None:
        """No frame leaves from here on, and no heartbeat."""
        self.up = False
        if self.ws is not None and self.ws._keep_alive is not None:
            self.ws._keep_alive.stop()

    async def close(self) -> None:
        """Close the websockets. The socket is the receiving thread's to close."""
        self.hang_up()
        await asyncio.gather(*(close(websocket) for websocket in self._websockets))
