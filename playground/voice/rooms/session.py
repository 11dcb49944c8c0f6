"""One person's connection to a voice room, which outlives its websocket."""

import asyncio
import json
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from playground.voice.rooms.cipher import Seal
from playground.voice.rooms.codes import Op
from playground.voice.rooms.pace import Pace
from playground.voice.states import VoiceState

RECORDED = 100_000
"""Packets of a session that are kept for who asks, about half an hour of speech."""
KEPT = 512
"""So many messages can be sent again after a resume."""
TURN = 1 << 16
Payload = str | bytes


class Outbox:
    """Messages on their way to one websocket, in order, each not before it is due.

    `code`: with which we end it, None while we do not; `reader`: who reads from it.
    """

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.code: int | None = None
        self.reader: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()
        self._waiting: asyncio.Queue[tuple[float, Payload]] = asyncio.Queue()
        self._pump = asyncio.create_task(self._send())

    def put(self, payload: Payload, lag_s: float = 0.0) -> None:
        """Send it once `lag_s` have passed."""
        self._waiting.put_nowait((time.monotonic() + lag_s, payload))

    def stop(self) -> None:
        """Send nothing more."""
        self._pump.cancel()

    async def close(self, code: int) -> None:
        """End the websocket, and wait for the client's word on it.

        A read that is under way would end that wait at once, and with it the connection, before
        the client could read the code.
        """
        self.stop()
        self.code = code
        if self.reader is not None:
            self.reader.cancel()
            await asyncio.wait([self.reader])
        try:
            await self.socket.close(code=code)
        finally:
            self._closed.set()

    async def end(self) -> None:
        """Wait for a close that is under way."""
        if self.code is not None:
            await self._closed.wait()

    async def _send(self) -> None:
        while True:
            due, payload = await self._waiting.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                if isinstance(payload, bytes):
                    await self.socket.send_bytes(payload)
                else:
                    await self.socket.send_str(payload)
            except (ConnectionError, RuntimeError):
                return  # the reader notices the end of the connection


class Arrival(NamedTuple):
    """A packet that came in: when (monotonic), its numbers, its frame."""

    at: float
    seq: int
    timestamp: int
    payload: bytes


class Session:
    """`seat`: whose it is and where; `speaking`: flags of the last op 5, None before it.

    `announced`: how often one said that they speak; `unannounced`: frames since without it;
    `lag_s`: how late messages reach this person; `executed_at`: when op 22 last did;
    `crowded_at`: since when they must know that they are not alone, None while they are.
    """

    def __init__(self, seat: VoiceState, ssrc: int, dave: int, ahead: int) -> None:
        self.seat = seat
        self.ssrc = ssrc
        self.dave = dave
        self.seal: Seal | None = None
        self.address: tuple[str, int] | None = None
        self.speaking: int | None = None
        self.unannounced = self.announced = 0
        self.lag_s = 0.0
        self.executed_at = 0.0
        self.crowded_at: float | None = None
        self.outbox: Outbox | None = None
        self.abort: Callable[[], None] = lambda: None
        self.arrivals: deque[Arrival] = deque(maxlen=RECORDED)
        self.pace = Pace(ahead)
        self.cuts = 0
        self._ahead = ahead
        self._seq = -1
        self._sent: deque[tuple[int, Payload]] = deque(maxlen=KEPT)

    @property
    def user(self) -> str:
        """Whose it is."""
        return self.seat.user

    def rekey(self, seal: Seal) -> None:
        """A new key: packets are counted anew."""
        self.seal = seal
        self.pace = Pace(self._ahead)

    def lose(self) -> None:
        """No longer know the address: what is sent meanwhile is missed by nobody's fault."""
        self.address = None
        self.pace = Pace(self._ahead)

    def tell(self, op: Op, data: Any) -> None:
        """Send a numbered message."""
        seq = self._next()
        self._post(seq, json.dumps({"op": op, "d": data, "seq": seq}))

    def tell_binary(self, op: Op, body: bytes) -> None:
        """Send a binary message; these are all numbered."""
        seq = self._next()
        self._post(seq, struct.pack(">HB", seq, op) + body)

    def resume(self, outbox: Outbox, acknowledged: int) -> bool:
        """Go on with another websocket, from the message after `acknowledged` (-1: from the first).

        False where a message that was missed is no longer kept.
        """
        missed = (self._seq - acknowledged) % TURN
        if missed > len(self._sent):
            return False
        self.outbox = outbox
        outbox.put(json.dumps({"op": Op.RESUMED, "d": None}), self.lag_s)
        for _, payload in list(self._sent)[len(self._sent) - missed :]:
            outbox.put(payload, self.lag_s)
        return True

    def may_acknowledge(self, seq: object) -> bool:
        """Whether somebody can have received the message of this number, or none yet (-1)."""
        if not isinstance(seq, int):
            return False
        return seq == -1 or (self._seq - seq) % TURN <= len(self._sent)

    def _next(self) -> int:
        self._seq = (self._seq + 1) % TURN
        return self._seq

    def _post(self, seq: int, payload: Payload) -> None:
        self._sent.append((seq, payload))
        if self.outbox is not None:
            self.outbox.put(payload, self.lag_s)
