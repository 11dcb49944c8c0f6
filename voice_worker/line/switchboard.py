"""What the gateway tells, passed on to the seat that it concerns and to the line's owner."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from typing import Any

import aiohttp
import disnake

from protege.journal import trouble
from voice_worker.line.admission import Voice
from voice_worker.line.events import Events, Why
from voice_worker.line.gateway import Gateway
from voice_worker.line.reading import WRITTEN, read
from voice_worker.line.seats import Seat


class Switchboard:
    """Implements the gateway's `Told`."""

    def __init__(self, events: Events) -> None:
        self.client: Gateway | None = None
        self.ready = asyncio.Event()
        self.online = asyncio.Event()
        self.seats: dict[int, Seat] = {}
        self._events = events
        self._telling: set[asyncio.Task[Any]] = set()

    # Seats.

    def take(self, guild: int, channel: int) -> Seat:
        """A seat in `guild`, on its way to `channel`."""
        seat = Seat(guild, channel, self._connected, self.ask, self._events.heard)
        self.seats[guild] = seat
        seat.task.add_done_callback(lambda _task: self._ended(seat))
        self.people_changed(guild)
        return seat

    async def ask(self, guild: int, channel: int | None) -> None:
        """Tell Discord where we wish to be, as soon as the gateway stands. Raises OSError."""
        await self.online.wait()
        try:
            await self._connected().ws.voice_state(guild, channel)
        except (disnake.DiscordException, aiohttp.ClientError, AttributeError) as error:
            raise OSError("the gateway went away") from error

    async def told(self) -> None:
        """Until what there was to tell has been told, except by who calls this."""
        telling = self._telling - {asyncio.current_task()}
        await asyncio.gather(*telling)

    def _ended(self, seat: Seat) -> None:
        if self.seats.get(seat.guild) is seat:
            del self.seats[seat.guild]
        why: Why = "lost" if seat.task.cancelled() else seat.task.result()
        if seat.announced:
            self._tell(self._events.left(seat.link.guild, why), seat)

    def _connected(self) -> Gateway:
        if self.client is None:
            raise OSError("no gateway")
        return self.client

    def _tell(self, coroutine: Coroutine[Any, Any, None], seat: Seat | None = None) -> None:
        async def tell() -> None:
            async with seat.order if seat else nullcontext():
                await coroutine

        self._spawn(tell())

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """A loop keeps no reference to its tasks, so we do."""

        async def guarded() -> None:
            try:
                await coroutine
            except Exception as error:  # the owner's
                trouble("telling", error)

        task = asyncio.create_task(guarded())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    # What the gateway tells.

    def gateway_up(self, anew: bool) -> None:
        self.online.set()
        if anew:
            self.ready.clear()  # until the guilds are known again
            for seat in self.seats.values():
                seat.standing.anew()

    def gateway_ready(self) -> None:
        self.ready.set()

    def gateway_down(self) -> None:
        self.online.clear()

    def my_state(self, guild: int, channel: int | None, session_id: str) -> None:
        seat = self.seats.get(guild)
        if seat is None:
            return
        moved = seat.standing.state(channel, session_id)
        if channel is not None:
            seat.link.channel = str(channel)
        if moved and seat.announced:
            self._tell(self._events.moved(seat.link.guild, seat.link.channel), seat)

    def my_server(self, guild: int, token: str, endpoint: str | None) -> None:
        seat = self.seats.get(guild)
        if seat is not None:
            seat.standing.server(token, endpoint)

    def people_changed(self, guild: int) -> None:
        seat, client = self.seats.get(guild), self.client
        home = client.get_guild(guild) if client else None
        if seat is None or client is None or home is None:
            return
        channel = home.get_channel(int(seat.link.channel))
        states = channel.voice_states if isinstance(channel, Voice) else {}
        members = {user: home.get_member(user) for user in states}
        inside = {user: member is not None and member.bot for user, member in members.items()}
        link = seat.link
        if seat.look(inside, client.user.id) and seat.announced:
            self._tell(self._events.people(link.guild, link.channel, link.people), seat)

    def channel_gone(self, guild: int, channel: int) -> None:
        seat = self.seats.get(guild)
        if seat is not None and str(channel) == seat.link.channel:
            seat.standing.finish("closed")

    def guild_gone(self, guild: int) -> None:
        seat = self.seats.get(guild)
        if seat is not None:
            seat.standing.finish("closed")

    def written(self, message: disnake.Message) -> None:
        client = self.client
        if client is None or message.type not in WRITTEN:
            return
        if message.author.id != client.user.id:
            self._tell(self._events.message(read(message, client.user.id)))
