"""Questions of one call and their answers: written, spoken as they are written, shown."""

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple

from protege.asking import Question
from protege.commands.ask import QUOTED
from protege.config import ConfigError
from protege.discord.reply import Reply
from protege.errors import BotError
from protege.journal import note
from protege.journal import said as content
from protege.limits import TooOften
from protege.text import one_line, plain
from voice_worker.answering import Answering
from voice_worker.calls.ears import Heard
from voice_worker.calls.keeping import keep
from voice_worker.calls.words import NO_VOICE, SLOWER
from voice_worker.means import Means, new_id
from voice_worker.speaking import Said
from voice_worker.tasks import Tasks
from voice_worker.writing import written

if TYPE_CHECKING:
    from voice_worker.calls.call import Call

WAITING = 4
"""Questions that wait for their answers; of more at once, nobody would remember what was asked."""
MOST_ALOUD = 600
"""Letters of an answer that are spoken, about 40 seconds; the rest is in the channel."""
LONGEST_NAME = 40


class _Asked(NamedTuple):
    heard: Heard
    question: Question


class Conversation:
    """Answers one after another; for the thread of one loop."""

    def __init__(self, means: Means, call: "Call") -> None:
        self._means = means
        self._call = call
        self._waiting: asyncio.Queue[_Asked] = asyncio.Queue(WAITING)
        self._answering: Answering | None = None
        self._tasks = Tasks()

    def ask(self, heard: Heard) -> None:
        """Somebody asked this aloud."""
        guild = self._call.place.guild
        about = (new_id(), guild, heard.user, heard.text, self._call.language)
        asked = _Asked(heard, Question(*about))
        self._tasks.start("keeping", self._keep(asked), guild=guild)
        try:
            self._waiting.put_nowait(asked)
        except asyncio.QueueFull:
            self._means.metrics.answers.labels("voice", "too many").inc()

    def pay(self, seconds: float) -> None:
        """So much sound was recognised, by a service that may cost something."""
        model, guild = self._means.scribe.model, self._call.place.guild
        if model:
            paid = asyncio.to_thread(self._means.app.hearing.heard, guild, model, seconds)
            self._tasks.start("paying", paid, guild=guild)

    async def run(self) -> None:
        """Answer, until it is cancelled; one answer that fails is not the last."""
        while True:
            asked = await self._waiting.get()
            if asked.heard.user not in self._call.audience.heard:
                continue  # they took it back meanwhile
            await self._tasks.start("answer", self._turn(asked), guild=self._call.place.guild)

    def stop(self) -> None:
        """Call off the answer that is being written."""
        if self._answering:
            self._answering.stop()

    def news(self, reply: Reply) -> asyncio.Task[None]:
        """Something for the text channel; over once it is written there, or cannot be."""
        telling, channel = self._means.telling, self._call.place.channel
        post = asyncio.to_thread(telling.news, channel, new_id(), reply)
        return self._tasks.start("news", post, guild=self._call.place.guild)

    async def _turn(self, asked: _Asked) -> None:
        await (self._answer(asked) if await self._counted(asked) else self._slower(asked))

    async def _answer(self, asked: _Asked) -> None:
        shown = self._call.known.rules.transcript == "on"
        about = self._means.app.chat, asked.question
        answering = self._answering = Answering(*about, remembers=shown)
        began = time.monotonic()
        self._tasks.start("writing", answering.run())
        self._tasks.start("first", self._first(asked, answering))
        if shown:
            self._show(asked, answering)
        try:
            said = await self._aloud(answering)
        finally:
            answering.stop()
            self._answering = None
        took_ms = round((time.monotonic() - began) * 1000)
        self._means.metrics.sounded(asked.question.space, said.began, asked.heard.ended_at)
        words = content(asked=asked.heard.text, answered=said.spoken)
        note("answered aloud", guild=asked.question.space, whole=said.whole, ms=took_ms, **words)
        self._means.metrics.answers.labels("voice", "whole" if said.whole else "cut").inc()
        if not shown and (said.shortened or said.failed):
            self._show(asked, answering)  # what could not be said would be lost

    async def _counted(self, asked: _Asked) -> bool:
        """As a question among others of this person and guild; False: it is one too many."""
        limits, question = self._means.app.limits, asked.question
        try:
            await asyncio.to_thread(limits.check, question.space, question.user, "asking")
        except TooOften as error:
            self.news(Reply(f"<@{question.user}> {error.to(question.locale)}"))
            return False
        except BotError as error:
            note("question not counted", guild=question.space, why=type(error).__name__)
        return True

    async def _slower(self, asked: _Asked) -> None:
        """Say so aloud, too: who speaks may not read."""
        try:
            await self._call.say(written(SLOWER.to(asked.question.locale)))
        except (BotError, ConfigError) as error:
            note("not spoken", guild=asked.question.space, why=type(error).__name__)

    async def _first(self, asked: _Asked, answering: Answering) -> None:
        async for _ in answering.writing.read():
            self._means.metrics.first.observe(time.monotonic() - asked.heard.ended_at)
            return

    async def _aloud(self, answering: Answering) -> Said:
        """Speak it while it is written; what comes instead of an answer, too."""
        try:
            said = await self._call.say(answering.writing, most=MOST_ALOUD)
            if answering.sorry and said.whole:
                return await self._call.say(written(answering.sorry))
            return said
        except (BotError, ConfigError) as error:
            note("not spoken", guild=self._call.place.guild, why=type(error).__name__)
            await answering.writing.whole()
            if self._call.known.rules.transcript == "on":
                self.news(Reply(NO_VOICE.to(answering.question.locale)))
            return Said("", False, failed=1)

    def _show(self, asked: _Asked, answering: Answering) -> None:
        """In the text channel, as soon as all is written, or called off."""
        self._tasks.start("transcript", self._posted(asked, answering), guild=asked.question.space)

    async def _posted(self, asked: _Asked, answering: Answering) -> None:
        text = (await answering.writing.whole()).strip()
        unfinished = not (answering.whole or answering.sorry)
        said = "\n".join(filter(None, (text, answering.sorry))) + " …" * unfinished
        rated = await answering.remembered()
        # Where no transcript is wished, what was asked is not written down.
        head = f"{self._head(asked)}\n" if answering.remembers else ""
        await asyncio.to_thread(self._post, asked, head, said, rated)

    def _head(self, asked: _Asked) -> str:
        question = asked.question
        name = plain(self._means.line.name(question.space, question.user), LONGEST_NAME)
        return f"> 🎙️ {name or f'<@{question.user}>'}: {one_line(question.text, QUOTED)}"

    def _post(self, asked: _Asked, head: str, said: str, rated: bool) -> None:
        """`rated`: with buttons, for there is an answer that is remembered."""
        question, place, telling = asked.question, self._call.place, self._means.telling
        if rated:
            telling.answer(question, place.guild, place.channel, head.strip(), said)
        else:
            telling.news(place.channel, question.id, Reply(head + said))

    async def _keep(self, asked: _Asked) -> None:
        what = self._call.known.keeps(asked.heard.user)
        if what != "off":
            files, question = self._means.app.files, asked.question
            await asyncio.to_thread(keep, files, question.space, question.id, asked.heard, what)
