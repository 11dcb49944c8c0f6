"""The gateway: who hears what; and the faults that tests and the panel ask for."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from playground.discord.events import Hub
from playground.discord.journal import Journal
from playground.discord.world import World
from playground.voice.gateway.connection import Connection
from playground.voice.gateway.desk import Desk
from playground.voice.gateway.news import News
from playground.voice.gateway.session import Session
from playground.voice.gateway.wire import Close, Op, Refused
from playground.voice.states import VoiceStates

HEARTBEAT_S = 41.25


class Gateway:
    """Serves bots on `loop`. `heartbeat_s`: how often they must show that they live.

    `endpoint`: host and port of gateway and voice server. The faults may be asked for from any
    thread; they have happened when the call returns.
    """

    def __init__(
        self, world: World, hub: Hub, states: VoiceStates, journal: Journal, endpoint: str
    ) -> None:
        self._world = world
        self._states = states
        self._journal = journal
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[Connection] = set()
        self.heartbeat_s = HEARTBEAT_S
        self.desk = Desk(world, states, f"wss://{endpoint}")
        self._news = News(world, self.desk, endpoint)
        hub.listen(lambda event: self._soon(self._news.heard, event))
        states.watch(lambda change: self._soon(self._news.sat, change))

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to tell."""
        self._loop = loop

    def close(self) -> None:
        """Cut all connections; nothing is told any more. On the loop."""
        self._loop = None
        for session in list(self.desk.sessions.values()):
            if session.ends is not None:
                session.ends.cancel()
        self._each(Connection.abort)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The bots' sessions, connected or waiting to be resumed."""
        return tuple(self.desk.sessions.values())

    async def enter(self, request: web.Request) -> web.WebSocketResponse:
        """A websocket that was opened."""
        connection = Connection(request, self.heartbeat_s, self._report)
        wrong = _wrong_query(request)
        if wrong is not None:
            connection.refuse(wrong)
        self._connections.add(connection)
        try:
            return await connection.run(lambda op, data: self.desk.take(connection, op, data))
        finally:
            self._connections.discard(connection)
            self.desk.parted(connection)

    def _report(self, refused: Refused) -> None:
        if refused.wrong:
            self._journal.violation("", "gateway", refused.why)

    def drop(self) -> None:
        """Cut every bot's TCP connection."""
        self._now(self._each, Connection.abort)

    def invalidate(self, resumable: bool = False) -> None:
        """Tell every bot that its session is over (opcode 9), or that it may resume."""
        self._now(self._invalidate, resumable)

    def reconnect(self) -> None:
        """Ask every bot to reconnect and resume (opcode 7)."""
        self._now(self._say, {"op": Op.RECONNECT, "d": None})

    def shut(self, code: int) -> None:
        """Close every connection with a code."""
        self._now(self._each, lambda connection: connection.close(code))

    def move(self, user: str, channel: str) -> None:
        """Move somebody to another voice channel of their guild, as an administrator does.

        Raises KeyError for somebody who sits nowhere in that guild.
        """
        self._states.move(user, channel)

    def kick(self, user: str, guild: str = "") -> bool:
        """Throw somebody out of their voice channel. Whether they sat anywhere."""
        return self._states.leave(user, guild)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel; those who sit there must get up."""
        place = self._world.channel(channel)
        for seat in self._states.in_channel(channel):
            self._states.leave(seat.user, seat.guild)
        del self._world.channels[channel]
        self._now(self._news.tell, "CHANNEL_DELETE", place["guild_id"], place)

    def remove_from(self, guild: str) -> None:
        """Throw the bot out of a guild, for good."""
        bot, place = self._world.bot["id"], self._world.guilds[guild]
        self._states.leave(bot, guild)
        with self._world.lock:
            place["members"].pop(bot, None)
            self._world.guilds[guild] = place
        self._now(self._news.tell, "GUILD_DELETE", guild, {"id": guild})

    def _invalidate(self, resumable: bool) -> None:
        self._say({"op": Op.INVALID_SESSION, "d": resumable})
        if not resumable:
            for session in self.sessions:
                self.desk.end(session)

    def _say(self, message: dict[str, Any]) -> None:
        self._each(lambda connection: connection.send(message))

    def _each(self, act: Callable[[Connection], None]) -> None:
        for connection in list(self._connections):
            act(connection)

    def _soon(self, act: Callable[[Any], None], about: Any) -> None:
        """From any thread, in order; nothing while the gateway is closed."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(act, about)

    def _now(self, act: Callable[..., Any], *given: Any) -> None:
        """From any thread: do it on the loop, and wait until it is done."""
        loop = self._loop
        if loop is None:
            return
        try:
            inside = asyncio.get_running_loop() is loop
        except RuntimeError:
            inside = False
        if inside:
            act(*given)
        else:
            asyncio.run_coroutine_threadsafe(_done(act, *given), loop).result()


async def _done(act: Callable[..., Any], *given: Any) -> None:
    act(*given)


def _wrong_query(request: web.Request) -> Refused | None:
    if request.query.get("v") != "10":
        return Refused(Close.INVALID_VERSION, f"version {request.query.get('v')!r}")
    if request.query.get("encoding", "json") != "json":
        return Refused(Close.DECODE_ERROR, f"encoding {request.query['encoding']!r}")
    return None
