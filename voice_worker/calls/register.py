"""Every guild's call."""

import asyncio
import time
from collections.abc import Iterator

from protege.discord.reply import Reply
from protege.errors import BotError
from protege.journal import note, trouble
from voice_worker.calls.call import Call, Place
from voice_worker.calls.lasting import Lasting
from voice_worker.calls.words import LEFT
from voice_worker.line import Link
from voice_worker.means import Means, new_id
from voice_worker.tasks import Tasks

LOOK_S = 1.0


class Calls:
    """For the thread of one loop."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._calls: dict[str, Call] = {}
        self._tasks = Tasks()
        self._lasting = Lasting(means.app.records)

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    def of(self, guild: str) -> Call | None:
        """The guild's call, if there is one."""
        return self._calls.get(guild)

    async def open(self, link: Link, place: Place) -> Call:
        """Begin a call, or have its news told elsewhere from now on. Raises Unavailable."""
        call = self._calls.get(place.guild)
        if call is not None and call.link is link:
            call.place = place
        else:
            await self.drop(place.guild)
            call = await self._begun(link, place)
        self._counted()
        await self._keep(call)
        return call

    async def _begun(self, link: Link, place: Place) -> Call:
        """A call, or none: nobody would see to the end of half a one."""
        call = self._calls[place.guild] = Call(self._means, link, place)
        try:
            await call.open()
        except Exception:
            del self._calls[place.guild]
            await call.close()
            await self._means.line.leave(place.guild)
            raise
        note("call opened", guild=place.guild)
        return call

    async def drop(self, guild: str, *, last: bool = False) -> bool:
        """End a call without a word; whether there was one. `last`: the worker ends, too: whoever
        comes next takes the call up again."""
        call = self._calls.pop(guild, None)
        if call is None:
            return False
        await call.close()
        self._counted()
        note("call closed", guild=guild)
        if not last:
            await self._forget(guild)
        return True

    async def left(self, guild: str, why: str) -> None:
        """The line is no longer in a channel: tell why, where nobody asked for it."""
        call = self._calls.get(guild)
        if call and await self.drop(guild) and why in LEFT:
            await self._told(call, why)

    async def watch(self) -> None:
        """Leave calls that are over, until this is cancelled; refresh what is kept of the rest."""
        while True:
            await asyncio.sleep(LOOK_S)
            for call in self:
                if call.leaving:
                    continue
                if why := call.over:
                    self._tasks.start("leaving", self._leave(call, why), guild=call.place.guild)
                elif time.monotonic() > call.kept_until:
                    self._tasks.start("lasting", self._keep(call), guild=call.place.guild)
            self._counted()

    def lasting(self) -> list[tuple[str, Place]]:
        """Calls that a worker was in which ended without leaving: voice channels and places.
        Blocks; raises Unavailable."""
        return self._lasting.all()

    async def _leave(self, call: Call, why: str) -> None:
        """Unless somebody comes or speaks while it says goodbye."""
        call.leaving = True
        if why == "idle":
            await call.courtesies.goodbye()
        call.leaving = False
        if self._calls.get(call.place.guild) is call and call.over:
            await self.drop(call.place.guild)
            await self._means.line.leave(call.place.guild)
            await self._told(call, why)

    async def _told(self, call: Call, why: str) -> None:
        said = LEFT[why].to(call.language, channel=call.link.channel)
        telling, channel = self._means.telling, call.place.channel
        await asyncio.to_thread(telling.news, channel, new_id(), Reply(said))

    async def _keep(self, call: Call) -> None:
        call.kept_until = time.monotonic() + LOOK_S * 20
        try:
            await asyncio.to_thread(self._lasting.keep, call.link.channel, call.place)
        except BotError as error:
            trouble("call not kept", error, guild=call.place.guild)

    async def _forget(self, guild: str) -> None:
        """What cannot be forgotten now lapses by itself; the channel is to be left all the same."""
        try:
            await asyncio.to_thread(self._lasting.forget, guild)
        except BotError as error:
            trouble("call not forgotten", error, guild=guild)

    def _counted(self) -> None:
        self._means.metrics.calls.set(len(self._calls))
        self._means.metrics.people.set(sum(len(call.link.people) for call in self))
