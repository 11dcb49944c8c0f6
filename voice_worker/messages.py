"""Plain messages: answered where they are meant for the bot, as /ask answers."""

import asyncio
import math
import time
from weakref import WeakValueDictionary

from protege.asking import Question
from protege.config import ConfigError
from protege.discord.reply import Reply
from protege.errors import BotError, UserError
from protege.journal import note
from protege.text import Text
from voice_worker.answering import DOWN, Answering
from voice_worker.calls.conversation import MOST_ALOUD
from voice_worker.calls.register import Calls
from voice_worker.cooldown import Cooldown
from voice_worker.line import Message
from voice_worker.means import Means
from voice_worker.reading import Read, Reader
from voice_worker.tasks import Tasks

AT_ONCE = 16
EACH = 6
"""Of them for one guild, so that none keeps all others waiting."""
TYPING_S = 8.0
"""Discord shows it for ten seconds.
Source: https://docs.discord.com/developers/resources/channel#trigger-typing-indicator
"""
KNOWN_S = 30.0
"""How long a guild's chosen channels are remembered, where nobody says that they changed."""
NOTHING = Text(
    "Yes? Write your question beside the mention, or use `/ask`.",
    "Да? Напишите вопрос рядом с упоминанием или воспользуйтесь `/ask`.",
)
SLOWER = Text(
    "Not so fast, please: I go on answering you in {seconds} s.",
    "Не так быстро, пожалуйста: следующий ответ через {seconds} с.",
)


class Messages:
    """For the thread of one loop."""

    def __init__(self, means: Means, calls: Calls, reader: Reader) -> None:
        self._means = means
        self._calls = calls
        self._reader = reader
        self._cooldown = Cooldown()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._rooms: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._tasks = Tasks()
        self._chosen: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def take(self, message: Message) -> None:
        """Answer a message, if it is meant for the bot. Raises Unavailable."""
        if message.author_is_bot or not await self._wanted(message):
            return
        now = time.monotonic()
        match self._cooldown.may(message.author, now):
            case "tell":
                wait_s = math.ceil(self._cooldown.wait_s(message.author, now))
                await self._news(message, SLOWER.to(message.locale, seconds=wait_s))
            case "yes":
                async with self._share(message.guild), self._room:
                    await self._answer(message)

    def changed(self, guild: str) -> None:
        """The guild's rules did."""
        self._chosen.pop(guild, None)

    def _share(self, guild: str) -> asyncio.Semaphore:
        """The guild's; forgotten when nobody is in it. All private chats have one together."""
        found = self._rooms.get(guild)
        if found is None:
            found = self._rooms[guild] = asyncio.Semaphore(EACH)
        return found

    async def _wanted(self, message: Message) -> bool:
        if message.mentions_me or message.replies_to_me or not message.guild:
            return True
        return message.channel in await self._channels(message.guild)

    async def _channels(self, guild: str) -> tuple[str, ...]:
        at, chosen = self._chosen.get(guild, (float("-inf"), ()))
        if time.monotonic() - at < KNOWN_S:
            return chosen
        rules = await asyncio.to_thread(self._means.app.voice_rules.rules, guild)
        self._chosen[guild] = time.monotonic(), rules.chat_channels
        return rules.chat_channels

    # ---- answering -------------------------------------------------------------------------------

    async def _answer(self, message: Message) -> None:
        typing = self._tasks.start("typing", self._type(message.channel))
        try:
            read = await self._reader.read(message)
            if read.text:
                await self._counted(message)
                await self._answered(message, read)
            elif message.mentions_me or not message.guild:
                await self._news(message, NOTHING.to(message.locale))
        except UserError as error:
            await self._news(message, error.to(message.locale))
        except (BotError, ConfigError) as error:
            note("message not answered", guild=message.guild, why=type(error).__name__)
            await self._news(message, DOWN.to(message.locale))
        finally:
            typing.cancel()

    async def _counted(self, message: Message) -> None:
        """As a question among others of this person and guild. Raises TooOften, Unavailable."""
        limits, space = self._means.app.limits, message.guild or f"dm-{message.author}"
        await asyncio.to_thread(limits.check, space, message.author, "asking")

    async def _answered(self, message: Message, read: Read) -> None:
        space = message.guild or f"dm-{message.author}"
        about = (message.id, space, message.author, read.text, message.locale, read.document)
        answering = Answering(self._means.app.chat, Question(*about))
        call = self._calls.of(message.guild)
        if call and self._means.line.where(message.guild, message.author) == call.link.channel:
            spoken = self._aloud(message.guild, answering)
            self._tasks.start("spoken message", spoken, guild=message.guild)
        await answering.run()
        self._means.metrics.answers.labels("message", "sorry" if answering.sorry else "whole").inc()
        said = answering.writing.text.strip()
        if not await answering.remembered():
            await self._news(message, answering.sorry)
            return
        said = "\n".join(filter(None, (said, answering.sorry)))
        to = (message.guild, message.channel, read.head, said, message.id)
        await asyncio.to_thread(self._means.telling.answer, answering.question, *to)

    async def _aloud(self, guild: str, answering: Answering) -> None:
        """Its author is listening; that it cannot be said is no news, for it is written."""
        call = self._calls.of(guild)
        try:
            if call and not call.crowded:
                await call.say(answering.writing, most=MOST_ALOUD)
        except (BotError, ConfigError) as error:
            note("not spoken", guild=guild, why=type(error).__name__)

    async def _news(self, message: Message, said: str) -> None:
        telling = self._means.telling
        await asyncio.to_thread(telling.news, message.channel, message.id, Reply(said))

    async def _type(self, channel: str) -> None:
        """Show that we are at it, until this is cancelled."""
        while True:
            try:
                await asyncio.to_thread(self._means.app.discord.typing, channel)
            except BotError as error:
                note("typing not shown", why=type(error).__name__)
                return
            await asyncio.sleep(TYPING_S)
