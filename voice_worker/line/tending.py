"""Keeps the bot in one guild's voice channel for as long as that is wanted: asks Discord for a
place, opens a session there, and begins again when the session is done for.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from protege.journal import note, trouble
from voice_worker.line.ears import Ears
from voice_worker.line.events import Why
from voice_worker.line.link import Link
from voice_worker.line.serving import HOPELESS, Again, Serving
from voice_worker.line.session import Closed, Session
from voice_worker.line.standing import Over, Place, Standing

ANSWER_S = 5.0
"""How long Discord may take to answer a request to join, before it is asked again."""
PAUSES_S = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
"""Before each new attempt; after the last, the line gives up."""
WELL_S = 10.0
"""A session that lasted so long clears the count of attempts."""
_GRACE_S = 0.3  # so long after a kick we may learn that the channel itself is gone


class Tending:
    """One guild's. `ask(channel)` sends the gateway our wish (None: to leave); `made(place)` makes
    a session and `listening(session)` its ears, neither of them begun.
    """

    def __init__(
        self,
        link: Link,
        standing: Standing,
        ask: Callable[[int | None], Awaitable[None]],
        made: Callable[[Place], Session],
        listening: Callable[[Session], Ears],
    ) -> None:
        self._link, self._standing, self._ask = link, standing, ask
        self._made, self._listening = made, listening
        self._tries, self._up_at = 0, 0.0
        self._partings: set[asyncio.Task[None]] = set()

    async def run(self) -> Why:
        """Until the bot is gone from the guild's channels; says why."""
        try:
            while True:
                await self._once()
        except Over as over:
            if over.why == "kicked":
                await asyncio.sleep(_GRACE_S)
            return self._standing.over or over.why
        finally:
            self._link.end()
            if self._partings:
                await asyncio.wait(self._partings)

    async def _once(self) -> None:
        """One session, from its opening to its end. Raises Over."""
        try:
            await self._serve(self._made(await self._place()))
        except Over:
            raise
        except Exception as error:  # the library's too, on a message that it did not expect
            await self._failed(error)

    async def _place(self) -> Place:
        """Ask for a place where none is coming, and wait for it. Raises Over, TimeoutError."""
        standing = self._standing
        if standing.place is None and not standing.coming:
            if standing.channel is not None:
                standing.hide()
                await self._ask(None)
            await self._ask(standing.wanted)
        await standing.until(lambda: standing.place is not None, ANSWER_S)
        if standing.place is None:
            raise TimeoutError
        return standing.place

    async def _serve(self, session: Session) -> None:
        link = self._link

        async def up() -> None:
            if link.playing:
                await session.speak(True)
            self._up_at = time.monotonic()
            link.counts["connections"] += 1
            link.take(session)

        ears = self._listening(session)
        try:
            await Serving(session, ears, self._standing, up, link.way.changed).run()
        finally:
            link.take(None)
            self._part(session)

    def _part(self, session: Session) -> None:
        """The next session does not wait for the goodbyes of this one."""
        parting = asyncio.create_task(session.close())
        self._partings.add(parting)
        parting.add_done_callback(self._partings.discard)

    async def _failed(self, error: Exception) -> None:
        """Wait a little before the next attempt. Raises Over where there is to be none."""
        if time.monotonic() - self._up_at > WELL_S:
            self._tries = 0
        self._tries += 1
        code = error.code if isinstance(error, Closed) else 0
        note("voice-again", guild=self._link.guild, tries=self._tries, code=code)
        if not isinstance(error, Again | Closed | TimeoutError):
            trouble("voice-session", error, guild=self._link.guild)
        if self._tries > len(PAUSES_S) or code in HOPELESS:
            raise Over("lost")
        self._link.counts["rejoins"] += 1
        self._standing.forget()
        await self._standing.until(lambda: False, PAUSES_S[self._tries - 1])
