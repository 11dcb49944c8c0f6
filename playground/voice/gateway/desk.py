"""What a bot says by the gateway, and what is done about it: identify, resume, orders.

Source: https://docs.discord.com/developers/events/gateway#connection-lifecycle
"""

import asyncio
import time
from collections import Counter
from typing import Any

from playground.discord.world import World
from playground.voice.gateway import intents, orders, payloads
from playground.voice.gateway.connection import Connection
from playground.voice.gateway.session import Session
from playground.voice.gateway.wire import Close, Json, Op, Refused
from playground.voice.states import VoiceStates

IDENTIFY_GAP_S = 5.0
"""Source: https://docs.discord.com/developers/events/gateway#session-start-limit-object"""
RESUME_S = 90.0


class Desk:
    """All sessions. On the loop only. `url`: where bots connect.

    `resume_s`: how long a session waits for its bot; `identify_gap_s`: between two identifies.
    `counts`: how often bots `identified` and `resumed`.
    """

    def __init__(self, world: World, states: VoiceStates, url: str) -> None:
        self._world = world
        self._states = states
        self.url = url
        self.resume_s = RESUME_S
        self.identify_gap_s = IDENTIFY_GAP_S
        self.sessions: dict[str, Session] = {}
        self.counts: Counter[str] = Counter()
        self._identified_at = -IDENTIFY_GAP_S

    def take(self, connection: Connection, op: int, data: Any) -> None:
        """A message of a bot. Raises Refused."""
        if op in (Op.IDENTIFY, Op.RESUME):
            if connection.session is not None:
                raise Refused(Close.ALREADY_AUTHENTICATED, "identified already")
            self._begin(connection, op, data)
        elif op not in (Op.PRESENCE, Op.VOICE_STATE, Op.MEMBERS):
            raise Refused(Close.UNKNOWN_OPCODE, f"opcode {op}")
        elif connection.session is None:
            raise Refused(Close.NOT_AUTHENTICATED, f"opcode {op} before identify")
        else:
            self._order(connection.session, op, data)

    def parted(self, connection: Connection) -> None:
        """A connection is over; its session waits to be resumed, if it may be."""
        session = connection.session
        if session is None or session.wire is not connection:
            return
        session.wire = None
        if connection.left_for_good:
            self.end(session)
        else:
            loop = asyncio.get_running_loop()
            session.ends = loop.call_later(self.resume_s, self.end, session)

    def end(self, session: Session) -> None:
        """Forget a session: its bot gets up wherever it sat with it."""
        if session.ends is not None:
            session.ends.cancel()
        self.sessions.pop(session.id, None)
        for guild in self._world.guilds:
            seat = self._states.of(self._world.bot["id"], guild)
            if seat is not None and seat.session == session.id:
                self._states.leave(seat.user, guild)

    def _begin(self, connection: Connection, op: int, data: Any) -> None:
        if not isinstance(data, dict):
            raise Refused(Close.DECODE_ERROR, "identify or resume without data")
        token = str(data.get("token", "")).removeprefix("Bot ")
        if token != self._world.application["bot_token"]:
            raise Refused(Close.AUTHENTICATION_FAILED, "Authentication failed.", wrong=False)
        if op == Op.RESUME:
            self._resume(connection, data)
        else:
            self._identify(connection, data)

    def _identify(self, connection: Connection, data: Json) -> None:
        asked, shard = self._asked(data), _shard(data)
        now = time.monotonic()
        if now - self._identified_at < self.identify_gap_s:
            connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        self._identified_at = now
        session = Session(asked, shard)
        self.sessions[session.id] = session
        self._attach(session, connection, "identified")
        session.tell("READY", payloads.ready(self._world, session.id, shard, self.url))
        for guild in self._world.joined:
            if session.wants("GUILD_CREATE", guild["id"]):
                found = payloads.guild_create(self._world, self._states, guild, asked)
                session.tell("GUILD_CREATE", found)

    def _asked(self, data: Json) -> int:
        asked, properties = data.get("intents"), data.get("properties")
        if not isinstance(properties, dict):
            raise Refused(Close.DECODE_ERROR, "identify without properties")
        if not isinstance(asked, int) or asked & ~intents.KNOWN:
            raise Refused(Close.INVALID_INTENTS, f"intents {asked!r}")
        if intents.disallowed(asked, self._world.application["flags"]):
            raise Refused(Close.DISALLOWED_INTENTS, "Disallowed intent(s).", wrong=False)
        return asked

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if not isinstance(seq, int):
            raise Refused(Close.DECODE_ERROR, f"resume with seq {seq!r}")
        if session is not None and seq > session.seq:
            raise Refused(Close.INVALID_SEQ, f"resume at {seq}, the last event is {session.seq}")
        missed = session.missed(seq) if session is not None else None
        if session is None or missed is None:
            connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        self._attach(session, connection, "resumed")
        for message in missed:
            connection.send(message)
        session.tell("RESUMED", {"_trace": []})

    def _attach(self, session: Session, connection: Connection, how: str) -> None:
        if session.wire is not None:
            session.wire.close(Close.UNKNOWN_ERROR, "the session goes on elsewhere")
        if session.ends is not None:
            session.ends.cancel()
            session.ends = None
        session.wire, connection.session = connection, session
        self.counts[how] += 1

    def _order(self, session: Session, op: int, data: Any) -> None:
        if op == Op.VOICE_STATE:
            orders.sit(self._world, self._states, session, data)
        elif op == Op.MEMBERS:
            chunk = orders.members(self._world, session, data)
            if chunk is not None:
                session.tell("GUILD_MEMBERS_CHUNK", chunk)


def _shard(data: Json) -> tuple[int, int]:
    given = data.get("shard", [0, 1])
    fits = isinstance(given, list) and len(given) == 2 and all(isinstance(n, int) for n in given)
    if not fits or not 0 <= given[0] < given[1]:
        raise Refused(Close.INVALID_SHARD, f"shard {given!r}")
    return given[0], given[1]
