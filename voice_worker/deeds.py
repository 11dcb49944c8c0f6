"""What is done for each order, and what is told of it."""

import asyncio
import time
from collections.abc import Callable

from protege.commands.voice.consent import listen_to_me
from protege.config import ConfigError
from protege.discord.reply import Button, Reply
from protege.discord.snowflake import created_at
from protege.errors import BotError, Unavailable, UserError
from protege.journal import note
from protege.text import Text, one_line
from protege.voice.calling import NOT_HERE
from protege.voice.orders import Order
from voice_worker.answering import DOWN
from voice_worker.calls.call import Call, Place
from voice_worker.calls.register import Calls
from voice_worker.calls.words import ALONE, KEPT, NOTICE
from voice_worker.line import ChannelFull, JoinFailed, LineError, NoPermission, NoSuchChannel
from voice_worker.means import Means
from voice_worker.speaking import Said
from voice_worker.tasks import Tasks
from voice_worker.writing import written

TOO_OLD_S = 15 * 60
"""Nobody waits for this any more; and whoever gave the order may long have given others."""
READY_S = 30.0
"""Longest wait for the gateway, before the queue keeps the order for another try."""
QUOTED = 300

HERE = Text("🎧 I am in <#{channel}>.{alone}\n{notice}", "🎧 Я в <#{channel}>.{alone}\n{notice}")
BYE = Text("👋 I left the voice channel.", "👋 Я вышел из голосового канала.")
SAID = Text("🔊 {said}", "🔊 {said}")
CUT = Text(
    "🔇 {said}\n(Somebody interrupted me, or I was sent out.)",
    "🔇 {said}\n(Меня перебили или отключили.)",
)
MUTE = Text("⚠️ I cannot speak right now ({why}).", "⚠️ Сейчас не могу говорить ({why}).")
EXPIRED = Text(
    "⌛ I only now got to this, {minutes} minutes late, so I leave it. Please ask again.",
    "⌛ Дошло до меня только сейчас, спустя {minutes} мин., поэтому оставлю это. Повторите, если "
    "ещё нужно.",
)
MAY_NOT = Text(
    "⚠️ I may not enter <#{channel}>: I lack {missing}.",
    "⚠️ Мне нельзя в <#{channel}>: не хватает прав: {missing}.",
)
RIGHTS = {
    "view": Text("“View Channel”", "«Просматривать канал»"),
    "connect": Text("“Connect”", "«Подключаться»"),
    "speak": Text("“Speak”", "«Говорить»"),
}
FULL = Text(
    "⚠️ <#{channel}> is full ({limit}). I come as soon as you make room and call again.",
    "⚠️ <#{channel}> заполнен ({limit}). Освободите место и позовите снова.",
)
NO_CHANNEL = Text("⚠️ That voice channel is gone.", "⚠️ Этого голосового канала больше нет.")
NOT_LET_IN = Text(
    "⚠️ Discord did not let me into <#{channel}>. Please try again in a minute.",
    "⚠️ Discord не пустил меня в <#{channel}>. Попробуйте через минуту ещё раз.",
)


class Deeds:
    """For the thread of one loop."""

    def __init__(self, means: Means, calls: Calls, now: Callable[[], float] = time.time) -> None:
        self._means = means
        self._calls = calls
        self._now = now
        self._tasks = Tasks()

    async def act(self, order: Order) -> None:
        """Do it, and tell. Raises where it is to be tried again."""
        late_s = self._now() - created_at(order.interaction) if order.interaction else 0.0
        if order.do == "rules":
            await self._rules(order)
        elif late_s > TOO_OLD_S:
            await self._tell(order, EXPIRED, minutes=round(late_s / 60))
            self._count(order, "expired")
        elif order.do == "join":
            await self._join(order)
        elif order.do == "leave":
            await self._leave(order)
        else:
            await self._say(order)

    async def resume(self) -> None:
        """Go back to where a worker was that was killed. Raises Unavailable."""
        lasting = await asyncio.to_thread(self._calls.lasting)
        await asyncio.gather(*(self._back(channel, place) for channel, place in lasting))

    async def _back(self, channel: str, place: Place) -> None:
        try:
            link = await self._means.line.join(place.guild, channel)
            await self._calls.open(link, place)
        except (LineError, BotError) as error:
            note("call not resumed", guild=place.guild, why=type(error).__name__)

    # ---- each of them ----------------------------------------------------------------------------

    async def _join(self, order: Order) -> None:
        try:
            async with asyncio.timeout(READY_S):
                await self._means.line.ready.wait()
        except TimeoutError:
            raise Unavailable("the gateway is not there") from None
        try:
            link = await self._means.line.join(order.guild, order.voice_channel)
        except LineError as error:
            await self._told(order, _refused(error, order))
            self._count(order, type(error).__name__)
            return
        place = Place(order.guild, order.channel, order.user, order.locale)
        call = await self._calls.open(link, place)
        await self._told(order, _here(order, call))
        self._count(order, "done")

    async def _leave(self, order: Order) -> None:
        await self._calls.drop(order.guild)
        left = await self._means.line.leave(order.guild)
        await self._tell(order, BYE if left else NOT_HERE)
        self._count(order, "done")

    async def _rules(self, order: Order) -> None:
        call = self._calls.of(order.guild)
        if call:
            await call.refresh()
        self._count(order, "done")

    async def _say(self, order: Order) -> None:
        """It is done once it stands in line: /leave comes after it, and must not wait for it."""
        call = self._calls.of(order.guild)
        if call is None:
            await self._tell(order, NOT_HERE)
            self._count(order, "nowhere")
        else:
            self._tasks.start("saying", self._saying(order, call), guild=order.guild)

    async def _saying(self, order: Order, call: Call) -> None:
        try:
            said = await call.say(written(order.text))
        except (BotError, ConfigError) as error:
            note("not said", guild=order.guild, why=type(error).__name__)
            reply = error.to(order.locale) if isinstance(error, UserError) else ""
            await self._told(order, Reply(reply or _mute(order, error)))
            self._count(order, "failed")
        else:
            await self._tell(order, _outcome(said), said=f"> {one_line(order.text, QUOTED)}")
            self._count(order, "done" if said.whole else "cut")

    # ---- telling ---------------------------------------------------------------------------------

    async def _tell(self, order: Order, what: Text, **values: object) -> None:
        await self._told(order, Reply(what.to(order.locale, **values)))

    async def _told(self, order: Order, reply: Reply) -> None:
        await asyncio.to_thread(self._means.telling.order, order, reply)

    def _count(self, order: Order, end: str) -> None:
        self._means.metrics.orders.labels(order.do, end).inc()


def _outcome(said: Said) -> Text:
    return SAID if said.whole else CUT


def _mute(order: Order, error: Exception) -> str:
    if isinstance(error, ConfigError):  # names a setting, which is no secret
        return MUTE.to(order.locale, why=error)
    return DOWN.to(order.locale)


def _here(order: Order, call: Call) -> Reply:
    """That it came, and whom it hears; the button where that is up to each."""
    rules = call.known.rules
    notice = NOTICE[rules.listens].to(order.locale, kept=KEPT[rules.keep])
    alone = "" if call.link.people else ALONE.to(order.locale)
    said = HERE.to(order.locale, channel=call.link.channel, alone=alone, notice=notice)
    hear = Button(listen_to_me.route(), listen_to_me.title.to(order.locale), "👂")
    return Reply(said.rstrip(), (hear,) if rules.listens == "asked" else ())


def _refused(error: LineError, order: Order) -> Reply:
    to, channel = order.locale, order.voice_channel
    match error:
        case NoPermission():
            missing = ", ".join(RIGHTS[right].to(to) for right in error.missing)
            return Reply(MAY_NOT.to(to, channel=channel, missing=missing))
        case ChannelFull():
            return Reply(FULL.to(to, channel=channel, limit=error.limit))
        case NoSuchChannel():
            return Reply(NO_CHANNEL.to(to))
        case JoinFailed() | _:
            return Reply(NOT_LET_IN.to(to, channel=channel))
