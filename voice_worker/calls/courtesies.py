"""What the bot says of itself in a call: hello, whom it hears and what it keeps, goodbye."""

import asyncio
from typing import TYPE_CHECKING

from protege.config import ConfigError
from protege.errors import BotError
from protege.journal import note
from voice_worker.calls import notice
from voice_worker.calls.words import GOODBYE
from voice_worker.tasks import Tasks
from voice_worker.writing import written

if TYPE_CHECKING:
    from voice_worker.calls.call import Call
    from voice_worker.calls.conversation import Conversation

FAREWELL_S = 4.0
"""Longest a goodbye may take."""


class Courtesies:
    """One call's; that it says them keeps it nowhere."""

    def __init__(self, call: "Call", talk: "Conversation") -> None:
        self._call, self._talk = call, talk
        self._tasks = Tasks()

    def greet(self, *, anew: bool = False) -> None:
        """Tell whoever is there; `anew`: of rules that changed meanwhile."""
        people = self._call.link.people
        self._call.audience.greeting(people)
        self._tasks.start("hello", self._hello(people, anew), guild=self._call.place.guild)

    async def goodbye(self) -> None:
        """Say so, if that is quick."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._said(GOODBYE.to(self._call.language))
        except TimeoutError:
            note("goodbye took too long", guild=self._call.place.guild)

    async def close(self) -> None:
        """Say no more."""
        await self._tasks.end()

    async def _hello(self, people: frozenset[str], anew: bool) -> None:
        """Whoever is heard without being asked is to know of it first. What cannot be said, or
        changes what people read before, is written."""
        call, rules = self._call, self._call.known.rules
        said = await self._said(notice.aloud(rules, call.language, anew=anew))
        if anew or not said:  # it is written all the same where the call ends meanwhile
            await asyncio.wait([self._talk.news(notice.written(rules, call.language))])
        call.audience.told(people, rules)

    async def _said(self, text: str) -> bool:
        """Whether it was, to its end."""
        try:
            return (await self._call.floor.speak(written(text), self._call.manner)).whole
        except (BotError, ConfigError) as error:
            note("not said", guild=self._call.place.guild, why=type(error).__name__)
            return False
