"""What is done for each order, and what is told of it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from protege.config import ConfigError
from protege.discord.reply import Reply
from protege.discord.snowflake import created_at
from protege.errors import BotError, Unavailable, UserError
from protege.journal import note
from protege.storage import Queue
from protege.text import Text, one_line
from protege.voice.calling import NOT_HERE
from protege.voice.orders import Order
from voice_worker import outcomes
from voice_worker.answering import DOWN
from voice_worker.calls.call import Call, Place
from voice_worker.calls.register import Calls
from voice_worker.line import LineError
from voice_worker.means import Means
from voice_worker.promises import Promises
from voice_worker.tasks import Tasks
from voice_worker.writing import written

TOO_OLD_S = 15 * 60
"""Nobody waits for this any more; and whoever gave the order may long have given others."""
READY_S = 30.0
"""Longest wait for the gateway, before the queue keeps the order for another try."""
QUOTED = 300
EXCUSE_S = 30
REMEMBERED = 1000
"""Speeches whose order may come again, where the queue could not be told that it was done."""


class Deeds:
    """For the thread of one loop."""

    def __init__(self, means: Means, calls: Calls, now: Callable[[], float] = time.time) -> None:
        self._means = means
        self._calls = calls
        self._now = now
        self._tasks = Tasks()
        self._promises = Promises(means.app.records, now)
        self._spoken: deque[str] = deque(maxlen=REMEMBERED)

    async def act(self, order: Order) -> None:
        """Do it, and tell. Raises where it is to be tried again, which is told as well."""
        try:
            await self._act(order)
        except Exception:
            await self._tell(order, DOWN)
            raise

    async def excuse(self, queue: Queue, error: Exception) -> None:
        """Tell whoever gave an order why nothing comes of it: this worker cannot begin."""
        while delivery := await asyncio.to_thread(queue.receive, wait_s=0.0, lease_s=EXCUSE_S):
            with suppress(ValueError):
                order = Order.parse(delivery.body)
                await self._told(order, Reply(outcomes.mute(order, error)))
            await asyncio.to_thread(queue.done, delivery.receipt)

    async def close(self) -> None:
        """Until what was being said is told of; its calls are to be over by then."""
        await self._tasks.over()

    async def _act(self, order: Order) -> None:
        late_s = self._now() - created_at(order.interaction) if order.interaction else 0.0
        if order.do == "rules":
            await self._rules(order)
        elif late_s > TOO_OLD_S:
            await self._tell(order, outcomes.EXPIRED, minutes=round(late_s / 60))
            self._count(order, "expired")
        elif order.do == "join":
            await self._join(order)
        elif order.do == "leave":
            await self._leave(order)
        else:
            await self._say(order)

    async def resume(self) -> None:
        """Go back to where a worker was that was killed, and tell of what it had still to say.

        Raises Unavailable.
        """
        for order in await asyncio.to_thread(self._promises.left):
            await self._tell(order, outcomes.BROKEN_OFF, said=one_line(order.text, QUOTED))
            await asyncio.to_thread(self._promises.keep, order)
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
        if await self._held_by_others(order):
            return
        try:
            link = await self._means.line.join(order.guild, order.voice_channel)
        except LineError as error:
            await self._told(order, outcomes.refused(error, order))
            self._count(order, type(error).__name__)
            return
        place = Place(order.guild, order.channel, order.user, order.locale)
        call = await self._calls.open(link, place)
        await self._told(order, outcomes.here(order, call))
        self._count(order, "done")

    async def _leave(self, order: Order) -> None:
        if await self._held_by_others(order):
            return
        await self._calls.drop(order.guild)
        left = await self._means.line.leave(order.guild)
        await self._tell(order, outcomes.BYE if left else NOT_HERE)
        self._count(order, "done")

    async def _rules(self, order: Order) -> None:
        call = self._calls.of(order.guild)
        if call:
            await call.refresh()
        self._count(order, "done")

    async def _say(self, order: Order) -> None:
        """It is done once it stands in line: /leave comes after it, and must not wait for it."""
        call = self._calls.of(order.guild)
        if order.interaction and order.interaction in self._spoken:
            self._count(order, "again")
        elif call is None:
            await self._tell(order, NOT_HERE)
            self._count(order, "nowhere")
        elif not (order.trusted or self._sits_there(order, call)):
            await self._tell(order, outcomes.NOT_WITH_ME, channel=call.link.channel)
            self._count(order, "from outside")
        elif call.crowded:
            await self._tell(order, outcomes.MUCH_TO_SAY)
            self._count(order, "too many")
        else:
            self._spoken.append(order.interaction)
            if order.interaction:
                await asyncio.to_thread(self._promises.give, order)
            self._tasks.start("saying", self._saying(order, call), guild=order.guild)

    async def _saying(self, order: Order, call: Call) -> None:
        try:
            said = await call.say(written(order.text))
        except (BotError, ConfigError) as error:
            note("not said", guild=order.guild, why=type(error).__name__)
            reply = error.to(order.locale) if isinstance(error, UserError) else ""
            await self._told(order, Reply(reply or outcomes.mute(order, error)))
            self._count(order, "failed")
        else:
            await self._tell(order, outcomes.outcome(said), said=one_line(order.text, QUOTED))
            self._count(order, "done" if said.whole else "cut")
        if order.interaction:
            await asyncio.to_thread(self._promises.keep, order)

    # ---- who may ---------------------------------------------------------------------------------

    async def _held_by_others(self, order: Order) -> bool:
        """Whether people sit with the bot, and who ordered this has no part in it: told so."""
        call = self._calls.of(order.guild)
        if call is None or order.trusted or not call.link.people or self._sits_there(order, call):
            return False
        await self._tell(order, outcomes.ELSEWHERE, channel=call.link.channel)
        self._count(order, "from outside")
        return True

    def _sits_there(self, order: Order, call: Call) -> bool:
        return self._means.line.where(order.guild, order.user) == call.link.channel

    # ---- telling ---------------------------------------------------------------------------------

    async def _tell(self, order: Order, what: Text, **values: object) -> None:
        await self._told(order, Reply(what.to(order.locale, **values)))

    async def _told(self, order: Order, reply: Reply) -> None:
        await asyncio.to_thread(self._means.telling.order, order, reply)

    def _count(self, order: Order, end: str) -> None:
        self._means.metrics.orders.labels(order.do, end).inc()
