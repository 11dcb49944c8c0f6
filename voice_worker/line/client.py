"""The line: one gateway connection, and a link for each guild where the bot sits in a channel."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Sequence

import disnake
from disnake.http import Route

from protege.journal import trouble
from voice_worker.line.admission import admitted
from voice_worker.line.errors import JoinFailed, LoginRefused
from voice_worker.line.events import Events
from voice_worker.line.gateway import Gateway
from voice_worker.line.link import Link
from voice_worker.line.seats import Seat
from voice_worker.line.switchboard import Switchboard

JOIN_S = 12.0
"""How long `join` tries."""
CLOSE_S = 2.0
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_REFUSED = (4004, 4013, 4014)
"""The token, or an intent. Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
#gateway-gateway-close-event-codes"""


class Line:
    """`api`: Discord's REST base; it tells where the gateway is. `content`: ask for what people
    write to others too, a privilege that the application must have. Used on one loop.
    """

    def __init__(self, token: str, api: str, events: Events, *, content: bool = False) -> None:
        Route.BASE = api  # the library knows one Discord per process
        # A key that does not fit is how we tell speakers apart, not an error.
        logging.getLogger("dave").setLevel(logging.CRITICAL)
        self._token, self._content = token, content
        self._board = Switchboard(events)
        self._closing = asyncio.Event()
        self._joining: dict[str, asyncio.Lock] = {}
        self.ready = self._board.ready
        """Set once the guilds are known."""

    async def run(self) -> None:
        """Until `close`; comes back by itself after every loss. Raises LoginRefused."""
        for pause in itertools.chain(_PAUSES_S, itertools.repeat(_PAUSES_S[-1])):
            await self._connection()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()
            if self._closing.is_set():
                return

    async def _connection(self) -> None:
        client = self._board.client = Gateway(self._board, content=self._content)
        try:
            await client.start(self._token)
        except (disnake.LoginFailure, disnake.PrivilegedIntentsRequired) as error:
            raise LoginRefused(str(error)) from error
        except disnake.ConnectionClosed as error:
            if error.code in _REFUSED:
                raise LoginRefused(str(error)) from error
            trouble("gateway", error, code=error.code)
        except Exception as error:  # whatever it is, the next connection may stand
            trouble("gateway", error)
        finally:
            self._board.gateway_down()
            await client.close()

    async def close(self) -> None:
        """Leave every channel and close every socket, within 3 s."""
        self._closing.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await asyncio.gather(*(self.leave(link.guild) for link in self.links()))
                await self._board.told()
        for seat in list(self._board.seats.values()):
            seat.task.cancel()
        client = self._board.client
        if client is not None:
            await client.close()

    async def join(self, guild: str, channel: str) -> Link:
        """Sit in `channel`, moving there from another one of that guild. Raises NoSuchChannel,
        NoPermission, ChannelFull, JoinFailed.
        """
        async with self._joining.setdefault(guild, asyncio.Lock()):
            try:
                async with asyncio.timeout(JOIN_S):
                    return await self._joined(guild, channel)
            except (TimeoutError, OSError) as error:
                raise JoinFailed("no voice connection in time") from error

    async def _joined(self, guild: str, channel: str) -> Link:
        await self.ready.wait()
        client = self._board.client
        if client is None:
            raise JoinFailed("closed")
        place = admitted(client, guild, channel)
        seat = self._board.seats.get(place.guild.id)
        if seat is not None and seat.standing.over:
            await asyncio.wait({seat.task})
            seat = None
        return await self._arrived(seat or self._board.take(place.guild.id, place.id), place.id)

    async def _arrived(self, seat: Seat, channel: int) -> Link:
        try:
            await seat.arrive(channel)
        except BaseException:
            if not seat.announced:
                seat.standing.finish("asked")
            raise
        seat.announced = True
        return seat.link

    async def leave(self, guild: str) -> bool:
        """Leave that guild's channel; False: the bot sat in none."""
        seat = self._seat(guild)
        if seat is None:
            return False
        seat.standing.finish("asked")
        await asyncio.wait({seat.task})
        return True

    def link(self, guild: str) -> Link | None:
        """The link of that guild, None where there is none."""
        seat = self._seat(guild)
        return seat.link if seat and seat.announced else None

    def links(self) -> Sequence[Link]:
        """Every link there is."""
        return [seat.link for seat in self._board.seats.values() if seat.announced]

    def _seat(self, guild: str) -> Seat | None:
        return next((s for s in self._board.seats.values() if s.link.guild == guild), None)

    def where(self, guild: str, user: str) -> str:
        """The voice channel in which a person sits; empty for none."""
        home = self._home(guild)
        channels = [*home.voice_channels, *home.stage_channels] if home else []
        inside = (c for c in channels if user in map(str, c.voice_states))
        return next((str(channel.id) for channel in inside), "")

    def name(self, guild: str, user: str) -> str:
        """How a person is called there; empty where they were never seen."""
        home = self._home(guild)
        found = next((m for m in home.members if str(m.id) == user), None) if home else None
        return found.display_name if found else ""

    def locale(self, guild: str) -> str:
        """The guild's own language, as Discord writes it."""
        home = self._home(guild)
        return str(home.preferred_locale) if home else "en-US"

    def _home(self, guild: str) -> disnake.Guild | None:
        guilds = self._board.client.guilds if self._board.client else []
        return next((found for found in guilds if str(found.id) == guild), None)

    @property
    def latency_s(self) -> float:
        """Between a heartbeat and its answer; infinite while there is no connection."""
        client = self._board.client
        return client.latency if client else float("inf")
