"""One websocket of a bot: the greeting, the heartbeat's watch, messages in order, the end."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from playground.voice.gateway.session import Session
from playground.voice.gateway.wire import Close, Json, Op, Packing, Refused, unpacked

ACK_S = 0.005
"""An answer that is faster than any network would hide races."""
MOST_SENT, PER_S = 120, 60.0
"""Source: https://docs.discord.com/developers/events/gateway#rate-limiting"""
GRACE = 1.25
"""A heartbeat may be late by a quarter of its interval."""
FAREWELL_S = 1.0


class Connection:
    """On the loop only. `report`: is told why a connection is closed, before its client is."""

    def __init__(
        self, request: web.Request, heartbeat_s: float, report: Callable[[Refused], None]
    ) -> None:
        self.session: Session | None = None
        self._request = request
        self._report = report
        self._refused = False
        self._heartbeat_s = heartbeat_s
        self._ws = web.WebSocketResponse(timeout=FAREWELL_S, compress=False)
        self._packing = Packing(request.query.get("compress", ""))
        self._outbox: asyncio.Queue[Json | tuple[int, str]] = asyncio.Queue()
        self._sent: deque[float] = deque()
        self._beat = asyncio.Event()
        self._farewell: tuple[int, str] | None = None
        """How we close it, where we do."""

    def send(self, message: Json) -> None:
        """Send a message after those before it."""
        self._outbox.put_nowait(message)

    def close(self, code: int, why: str = "") -> None:
        """Close it after the messages before."""
        self._outbox.put_nowait((code, why))

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def run(self, take: Callable[[int, Any], None]) -> web.WebSocketResponse:
        """Serve it until its end. `take`: does what a message (opcode, data) asks for; it raises
        Refused.
        """
        await self._ws.prepare(self._request)
        self.send({"op": Op.HELLO, "d": {"heartbeat_interval": round(self._heartbeat_s * 1000)}})
        works = (self._read(take), self._watch(), self._write())
        reading, watching, writing = tasks = [asyncio.ensure_future(work) for work in works]
        try:
            await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reading, watching, writing):
                task.cancel()
            await asyncio.wait(tasks)
        if not reading.cancelled():
            reading.result()
        # Only now: who closes while reading hangs up before the other side has said goodbye.
        if self._farewell is not None:
            code, why = self._farewell
            await self._ws.close(code=code, message=why.encode())
        return self._ws

    @property
    def left_for_good(self) -> bool:
        """Whether the bot closed it so that its session ends."""
        return self._farewell is None and self._ws.close_code in (1000, 1001)

    async def _read(self, take: Callable[[int, Any], None]) -> None:
        async for message in self._ws:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._took(message.data, take)

    def _took(self, raw: str | bytes, take: Callable[[int, Any], None]) -> None:
        if self._refused:
            return
        try:
            self._count()
            op, data = unpacked(raw)
            if op == Op.HEARTBEAT:
                self._beaten(data)
            else:
                take(op, data)
        except Refused as refused:
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        """Close it because a rule was broken."""
        self._refused = True
        self._report(refused)
        self.close(refused.code, refused.why)

    def _count(self) -> None:
        now = time.monotonic()
        self._sent.append(now)
        while self._sent[0] < now - PER_S:
            self._sent.popleft()
        if len(self._sent) > MOST_SENT:
            raise Refused(Close.RATE_LIMITED, f"more than {MOST_SENT} messages in {PER_S:.0f} s")

    def _beaten(self, seq: Any) -> None:
        last = self.session.seq if self.session else None  # who is about to resume says its own
        fits = seq is None or (isinstance(seq, int) and (last is None or 0 <= seq <= last))
        if not fits:
            raise Refused(Close.DECODE_ERROR, f"heartbeat with {seq!r}, the last event is {last}")
        self._beat.set()
        answer = {"op": Op.HEARTBEAT_ACK}
        asyncio.get_running_loop().call_later(ACK_S, self.send, answer)

    async def _watch(self) -> None:
        while True:
            self._beat.clear()
            try:
                await asyncio.wait_for(self._beat.wait(), self._heartbeat_s * GRACE)
            except TimeoutError:
                self.refuse(Refused(Close.UNKNOWN_ERROR, "no heartbeat"))
                return

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            if isinstance(message, tuple):
                self._farewell = message
                return
            kind = WSMsgType.BINARY if self._packing.binary else WSMsgType.TEXT
            try:
                await self._ws.send_frame(self._packing.packed(message), kind)
            except ConnectionError:
                return
