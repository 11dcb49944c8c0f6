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
    """`take`: what to do with a message (opcode, data); it raises Refused. On the loop only."""

    def __init__(self, request: web.Request, heartbeat_s: float) -> None:
        self.session: Session | None = None
        self.why: Refused | None = None
        self._request = request
        self._heartbeat_s = heartbeat_s
        self._ws = web.WebSocketResponse(timeout=FAREWELL_S, compress=False)
        self._packing = Packing(request.query.get("compress", ""))
        self._outbox: asyncio.Queue[Json | tuple[int, str]] = asyncio.Queue()
        self._sent: deque[float] = deque()
        self._beat = asyncio.Event()
        self._closing = False
        """Whether we are the ones who close it."""

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
        """Serve it until its end."""
        await self._ws.prepare(self._request)
        self.send({"op": Op.HELLO, "d": {"heartbeat_interval": round(self._heartbeat_s * 1000)}})
        writing, watching = (asyncio.ensure_future(w) for w in (self._write(), self._watch()))
        try:
            async for message in self._ws:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._took(message.data, take)
        finally:
            watching.cancel()
            if not self._closing:
                writing.cancel()
            await asyncio.wait((writing, watching))
        return self._ws

    @property
    def left_for_good(self) -> bool:
        """Whether the bot closed it so that its session ends."""
        return not self._closing and self._ws.close_code in (1000, 1001)

    def _took(self, raw: str | bytes, take: Callable[[int, Any], None]) -> None:
        if self.why is not None:
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
        self.why = refused
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
                code, why = message
                self._closing = True
                await self._ws.close(code=code, message=why.encode())
                return
            packed = self._packing.packed(message)
            if isinstance(packed, bytes):
                await self._ws.send_bytes(packed)
            else:
                await self._ws.send_str(packed)
