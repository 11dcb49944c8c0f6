"""One guild's call: it listens to those who may be heard, answers them, and reads things aloud."""

import asyncio
import time

from protege.discord.reply import Reply
from protege.errors import BotError, UserError
from protege.journal import note
from voice_worker.calls.audience import Audience
from voice_worker.calls.conversation import Conversation
from voice_worker.calls.courtesies import Courtesies
from voice_worker.calls.ears import Ears, Heard, Hearing
from voice_worker.calls.floor import Floor
from voice_worker.calls.knowing import STALE_S, Known, known
from voice_worker.calls.place import Place as Place
from voice_worker.calls.words import NOT_UNDERSTOOD
from voice_worker.idle import Idle, Why
from voice_worker.line import Link
from voice_worker.listening.utterances import Utterances
from voice_worker.means import Means
from voice_worker.speaking import Manner, Mouth, Said
from voice_worker.tasks import Tasks
from voice_worker.turns import Turns
from voice_worker.writing import Writing

TICK_S = 0.02
COMPLAIN_S = 60.0
"""How often at most it says that it does not understand."""
MOST_SPEECHES = 4
"""Texts that are being read or wait for it; each may take a minute."""


class Call:
    """For the thread of one loop. `place` may be replaced: somebody called again from elsewhere."""

    def __init__(self, means: Means, link: Link, place: Place) -> None:
        self.link = link
        self.place = place
        self.known = Known()
        self.idle = Idle(means.app.config.voice_idle_s, time.monotonic())
        self.floor = Floor(Mouth(link, means.speaker), Turns())
        self._means = means
        self._talk = Conversation(means, self)
        self._ears = Ears(means.scribe, self, self._fresh, self._how)
        self.audience = Audience(link, self._ears)
        self.courtesies = Courtesies(self, self._talk)
        self._tasks = Tasks()
        self._complained_at = float("-inf")
        self.kept_until = 0.0
        """Until when (time.monotonic()) the record of this call is fresh."""
        self.leaving = False
        """Whether somebody sees to its end already."""

    # ---- from its beginning to its end -----------------------------------------------------------

    async def open(self) -> None:
        """Know the guild, listen, say hello. Raises Unavailable."""
        await self.refresh()
        self.idle.people(len(self.link.people), time.monotonic())
        self._tasks.start("ticking", self._ticking(), guild=self.place.guild)
        self._tasks.start("talking", self._talk.run(), guild=self.place.guild)
        self.courtesies.greet()

    async def refresh(self) -> None:
        """Read the rules and consents again. Raises Unavailable."""
        found = await asyncio.to_thread(known, self._means.app, self.place.guild)
        if found.at < self.known.at:  # one that began later was faster
            return
        self.known = found
        if self.audience.knows(found):
            self.courtesies.greet(anew=True)

    async def close(self) -> None:
        """Be silent, hear nothing, answer nobody."""
        self.floor.close()
        self._talk.stop()
        await self._ears.close()
        await self.courtesies.close()
        await self._tasks.end()

    # ---- what it is told -------------------------------------------------------------------------

    def hear(self, user: str, pcm: bytes, at: float) -> None:
        """A frame of somebody's; of who may not be heard, nothing happens. Nor where recognising
        it would cost what the guild no longer has: that was told with the last answer.
        """
        if user in self.audience.heard and not (self.known.spent and self._means.scribe.model):
            self._ears.frame(user, pcm, at)

    def people(self, people: frozenset[str]) -> None:
        """Who is there now."""
        self.idle.people(len(people), time.monotonic())
        if self.audience.are(people):
            self.courtesies.greet()

    async def say(self, writing: Writing, *, most: int = 0) -> Said:
        """Read a text aloud, after what is being said. Raises as `Mouth.say`."""
        self.idle.active(time.monotonic())
        try:
            return await self.floor.speak(writing, self.manner, most=most)
        finally:
            self.idle.active(time.monotonic())

    @property
    def crowded(self) -> bool:
        """Whether so much waits to be said that nobody should add to it."""
        return self.floor.waiting >= MOST_SPEECHES

    @property
    def language(self) -> str:
        """What is spoken here, as a locale."""
        return self.known.language(self._usual)

    @property
    def over(self) -> Why:
        """Why to leave; empty: stay."""
        return self.idle.over(time.monotonic())

    # ---- what the ears tell ----------------------------------------------------------------------

    def began(self, user: str, at: float) -> None:
        """Somebody speaks: the bot falls silent."""
        self.idle.active(at)
        before = self.floor.interruptions
        self.floor.began(user, at)
        self._means.metrics.interruptions.inc(self.floor.interruptions - before)

    def ended(self, user: str, at: float) -> None:
        """They stopped."""
        self.floor.ended(user, time.monotonic())

    def understood(self, heard: Heard) -> None:
        """Their words, if any: a question."""
        self._means.metrics.utterance(self.place.guild, "words" if heard.text else "nothing")
        self._talk.pay(heard.seconds)
        self.floor.words(heard.user, heard.text, time.monotonic())
        if heard.text:
            self.idle.active(time.monotonic())
            self._talk.ask(heard)

    def failed(self, user: str, error: BotError) -> None:
        """Say so, once in a while."""
        self._means.metrics.utterance(self.place.guild, "failed")
        note("not understood", guild=self.place.guild, why=type(error).__name__)
        self.floor.words(user, "", time.monotonic())
        if time.monotonic() - self._complained_at > COMPLAIN_S:
            self._complained_at = time.monotonic()
            why = error if isinstance(error, UserError) else NOT_UNDERSTOOD
            self._talk.news(Reply(why.to(self.language)))

    def gone(self, user: str) -> None:
        """They are heard no longer."""
        self.floor.gone(user)

    # ---- inside ----------------------------------------------------------------------------------

    @property
    def _usual(self) -> str:
        return self._means.line.locale(self.place.guild) or self.place.locale

    def _fresh(self) -> Utterances:
        config = self._means.app.config
        return Utterances(config.endpoint_s, config.utterance_max_s)

    def _how(self) -> Hearing:
        return Hearing(self.language, self.known.hints, self.known.rules.keep == "sound")

    @property
    def manner(self) -> Manner:
        """How it sounds here."""
        return self.known.manner(self._usual, self._means.app.config.tts_voice)

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            self._ears.tick(now)
            self.floor.tick(now)
            if now - self.known.at > STALE_S:
                self.known = self.known._replace(at=now)
                self._tasks.start("refresh", self.refresh(), guild=self.place.guild)
