"""One websocket of the voice gateway, from hello to its end."""

import asyncio
import json
import time
from collections import deque
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from playground.voice.rooms.codes import Close, Closed, Op
from playground.voice.rooms.door import Door
from playground.voice.rooms.register import Register
from playground.voice.rooms.session import Outbox, Session
from playground.voice.rooms.words import number, part

VERSION = "8"
PATIENCE = 1.5
"""A heartbeat may come so much later than it should."""
BUSY_S = 10.0
LEFT = (1000, 1001)
"""Codes with which a client says that it will not come again."""
CLOSE_S = 5.0
MOST = 1 << 20


class Conversation:
    """`run` it; `abort` cuts it. The session outlives it where it may be resumed."""

    def __init__(self, register: Register, request: web.Request) -> None:
        self._register = register
        self._request = request
        self._session: Session | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._times: deque[float] = deque(maxlen=register.settings.busiest)

    async def run(self) -> web.WebSocketResponse:
        """Talk until one side ends it."""
        self._socket = web.WebSocketResponse(timeout=CLOSE_S, max_msg_size=MOST)
        await self._socket.prepare(self._request)
        self._outbox = Outbox(self._socket)
        self._outbox.reader = asyncio.create_task(self._talk())
        try:
            await asyncio.wait([self._outbox.reader])
            self._outbox.reader.result()
        except Closed as closed:
            await self._refuse(closed)
        except asyncio.CancelledError:
            self._outbox.reader.cancel()
            if self._outbox.code is None:
                raise
        finally:
            await self._outbox.end()
            self._over()
        return self._socket

    def abort(self) -> None:
        """Cut the TCP connection."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _talk(self) -> None:
        self._expect_heartbeat()
        interval = int(self._register.settings.heartbeat_s * 1000)
        self._say(Op.HELLO, {"v": int(VERSION), "heartbeat_interval": interval})
        if self._request.query.get("v") != VERSION:
            raise Closed(Close.BAD_REQUEST, "voice gateway version other than 8")
        async for message in self._socket:
            self._limit()
            if message.type == WSMsgType.BINARY:
                self._binary(message.data)
            elif message.type == WSMsgType.TEXT:
                self._text(message)
            else:
                break

    async def _refuse(self, closed: Closed) -> None:
        if closed.why:
            user = self._session.user if self._session else ""
            self._register.faults.note(user, closed.why, str(int(closed.code)))
        if self._session is not None:
            self._register.dismiss(self._session)
        await self._outbox.close(closed.code)

    def _over(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._outbox.stop()
        session = self._session
        if session is None or session.outbox is not self._outbox:
            return
        if self._outbox.code is None and self._socket.close_code in LEFT:
            self._register.dismiss(session)
        else:
            self._register.keep(session)

    def _say(self, op: Op, data: Any) -> None:
        """Send a message that has no number."""
        self._outbox.put(json.dumps({"op": op, "d": data}))

    def _limit(self) -> None:
        now = time.monotonic()
        if len(self._times) == self._times.maxlen and now - self._times[0] < BUSY_S:
            raise Closed(Close.RATE_LIMITED, "too many messages")
        self._times.append(now)

    def _text(self, message: WSMessage) -> None:
        try:
            said = json.loads(message.data)
            op, data = Op(number(said, "op")), said.get("d")
        except (ValueError, AttributeError) as error:
            raise _misread(message.data) from error
        if op == Op.HEARTBEAT:
            self._heartbeat(data)
        elif op in (Op.IDENTIFY, Op.RESUME):
            self._enter(op, data)
        else:
            self._present(op, data)

    def _enter(self, op: Op, data: Any) -> None:
        if self._session is not None:
            raise Closed(Close.ALREADY_AUTHENTICATED, "identifies twice")
        door = Door(self._register)
        if op == Op.IDENTIFY:
            self._session = door.identify(data, self._outbox)
        else:
            self._session = door.resume(data, self._outbox)
        self._session.abort = self.abort

    def _present(self, op: Op, data: Any) -> None:
        session = self._known()
        room = self._register.room(session)
        if op == Op.SELECT_PROTOCOL:
            Door(self._register).select(session, data)
        elif op == Op.SPEAKING:
            if number(data, "ssrc", session.ssrc) != session.ssrc:
                self._register.faults.note(session.user, "op 5 with another's ssrc")
            room.speaks(session, number(data, "speaking"))
        elif op == Op.TRANSITION_READY:
            room.circle.ready(session, number(data, "transition_id"))
        elif op == Op.INVALID_COMMIT_WELCOME:
            room.circle.invalid(session, number(data, "transition_id"))
        else:
            raise Closed(Close.UNKNOWN_OPCODE, f"op {op} is not for clients to send")

    def _binary(self, body: bytes) -> None:
        session = self._known()
        if session.seal is None or not body:
            raise Closed(Close.NOT_AUTHENTICATED, "binary message before op 4")
        room = self._register.room(session)
        if body[0] == Op.KEY_PACKAGE:
            room.circle.key_package(session, body[1:])
        elif body[0] == Op.COMMIT_WELCOME:
            room.circle.commit(session, body[1:])
        else:
            raise Closed(Close.UNKNOWN_OPCODE, f"binary op {body[0]}")

    def _known(self) -> Session:
        if self._session is None:
            raise Closed(Close.NOT_AUTHENTICATED, "speaks before it identified")
        return self._session

    def _heartbeat(self, data: Any) -> None:
        if not isinstance(data, dict) or "t" not in data:
            raise Closed(Close.BAD_REQUEST, "heartbeat without t")
        if self._session is not None and not self._session.may_acknowledge(data.get("seq_ack")):
            user, seen = self._session.user, str(data.get("seq_ack"))
            self._register.faults.note(user, "heartbeat without a right seq_ack", seen)
        self._expect_heartbeat()
        answer = json.dumps({"op": Op.HEARTBEAT_ACK, "d": {"t": part(data, "t")}})
        lag_s = self._session.lag_s if self._session else 0.0
        self._outbox.put(answer, self._register.settings.answer_s + lag_s)

    def _expect_heartbeat(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        patience = self._register.settings.heartbeat_s * PATIENCE
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(patience, self._expire)

    def _expire(self) -> None:
        closed = Closed(Close.SESSION_TIMEOUT, "no heartbeat")
        self._register.run(self._refuse(closed))


def _misread(text: str) -> Closed:
    """What is wrong with a message that could not be read."""
    try:
        op = json.loads(text)["op"]
    except (ValueError, KeyError, TypeError):
        return Closed(Close.UNDECODABLE, "no JSON with an op")
    return Closed(Close.UNKNOWN_OPCODE, f"op {op}")
