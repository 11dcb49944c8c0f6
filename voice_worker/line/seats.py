"""One guild's seat: the link that others see, and the task that keeps it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import disnake

from protege.journal import trouble
from voice_worker.line.ears import Ears
from voice_worker.line.errors import JoinFailed
from voice_worker.line.events import Why
from voice_worker.line.link import Link
from voice_worker.line.session import Session
from voice_worker.line.standing import Place, Standing
from voice_worker.line.tending import Tending

_FAREWELL_S = 1.0
Heard = Callable[[str, str, bytes, float], None]


class Seat:
    """Taken when made. `ask(guild, channel)` sends our wish; `client()`: the present connection."""

    def __init__(
        self,
        guild: int,
        channel: int,
        client: Callable[[], disnake.Client],
        ask: Callable[[int, int | None], Awaitable[None]],
        heard: Heard,
    ) -> None:
        self.guild = guild
        self.link = Link(str(guild), str(channel))
        self.standing = Standing(channel)
        self.announced = False
        """Whether the owner knows the link, and so is to be told what becomes of it."""
        self.order = asyncio.Lock()
        """Keeps what is told of this guild in its order."""
        self._client, self._ask, self._heard = client, ask, heard
        self.task: asyncio.Task[Why] = asyncio.create_task(self._kept(), name=f"seat-{guild}")
        self.task.add_done_callback(lambda _task: self.link.way.changed())

    async def arrive(self, channel: int) -> None:
        """Go to `channel`, or wait until we are there. Raises JoinFailed, TimeoutError; then the
        wish is where we are.
        """
        before, self.standing.wanted = self.standing.wanted, channel
        try:
            if self.standing.channel not in (None, channel):
                await self._wish(channel)
            while not self._there(channel):
                if self.task.done():
                    raise JoinFailed(f"ended: {self.standing.over}")
                self.link.way.news.clear()
                await self.link.way.news.wait()
        except BaseException:
            self.standing.wanted = self.standing.channel or before
            raise

    def look(self, inside: dict[int, bool], me: int) -> bool:
        """Who sits in the channel now: users, and whether each is a bot. True: people changed."""
        before = self.link.people
        self.link.people = frozenset(str(user) for user, bot in inside.items() if not bot)
        self.link.way.others = bool(inside.keys() - {me})
        self.link.way.changed()
        return self.link.people != before

    async def _kept(self) -> Why:
        tending = Tending(self.link, self.standing, self._wish, self._made, self._ears)
        why = await tending.run()
        if why in ("asked", "lost"):
            await self._farewell()
        return why

    async def _farewell(self) -> None:
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._wish(None)
        except (OSError, TimeoutError) as error:  # Discord sees it by itself, a little later
            trouble("farewell", error, guild=self.guild)

    def _there(self, channel: int) -> bool:
        session = self.link.way.session
        return session is not None and session.up and session.place.channel == channel

    async def _wish(self, channel: int | None) -> None:
        await self._ask(self.guild, channel)

    def _made(self, place: Place) -> Session:
        counts: Counter[str] = self.link.counts
        return Session(self._client(), self.guild, place, counts, self.link.way.changed)

    def _ears(self, session: Session) -> Ears:
        guild = self.link.guild

        def heard(user: str, pcm: bytes, at: float) -> None:
            self._heard(guild, user, pcm, at)

        return Ears(session, self.link.counts, self.link.wanted, heard)
