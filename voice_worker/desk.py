"""Orders from the queue, one after another for each guild, all guilds side by side."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from protege.errors import Missing
from protege.journal import note, trouble
from protege.storage import Delivery, Queue
from protege.voice.orders import Order
from voice_worker.tasks import Tasks

LEASE_S = 30
"""What a killed worker had in hand comes back after this long; a living one extends its lease."""
WAIT_S = 1.0
"""A look into the queue; short, as a worker that is told to stop waits for its end."""
AT_ONCE = 32
LONGEST_DELAY_S = 30


class Desk:
    """Takes orders until it is closed. `act` does one, and raises where it is to be tried again."""

    def __init__(
        self,
        queue: Queue,
        act: Callable[[Order], Awaitable[None]],
        *,
        wait_s: float = WAIT_S,
        lease_s: int = LEASE_S,
    ) -> None:
        self._queue = queue
        self._act = act
        self._wait_s = wait_s
        self._lease_s = lease_s
        self._tasks = Tasks()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._over = False
        self._rests = asyncio.Event()
        self._rests.set()

    @property
    def busy(self) -> int:
        """How many orders are in hand."""
        return len(self._tasks)

    async def run(self) -> None:
        """Take orders until `close`."""
        self._rests.clear()
        try:
            while not self._over:
                await self._room.acquire()
                if not await self.look(self._wait_s):
                    self._room.release()
        finally:
            self._rests.set()

    async def look(self, wait_s: float) -> bool:
        """Take one order, if one comes within so many seconds; whether one did."""
        try:
            delivery = await asyncio.to_thread(
                self._queue.receive, wait_s=wait_s, lease_s=self._lease_s
            )
        except Exception as error:
            trouble("voice queue", error)
            await asyncio.sleep(1.0)
            return False
        if delivery is None:
            return False
        if self._over:
            await self._again(delivery, 0)
            return False
        task = self._tasks.start("order", self._one(delivery), message=delivery.id)
        task.add_done_callback(lambda _: self._room.release())
        return True

    async def close(self) -> None:
        """Take no more, and give back what is in hand: whoever comes next does it."""
        self._over = True
        await self._tasks.end()
        await self._rests.wait()

    async def _one(self, delivery: Delivery) -> None:
        holding = asyncio.create_task(self._hold(delivery))
        try:
            await self._done(delivery)
        except asyncio.CancelledError:
            await asyncio.shield(self._again(delivery, 0))
            raise
        except Exception as error:
            trouble("order", error, message=delivery.id, receives=delivery.receives)
            await self._again(delivery, min(LONGEST_DELAY_S, 2**delivery.receives))
        finally:
            holding.cancel()

    async def _done(self, delivery: Delivery) -> None:
        began = time.monotonic()
        try:
            order = Order.parse(delivery.body)
        except (ValueError, TypeError) as error:
            trouble("order unread", error, message=delivery.id)
        else:
            await self._act(order)
            took_s = round(time.monotonic() - began, 3)
            note("order done", do=order.do, guild=order.guild, seconds=took_s)
        await asyncio.to_thread(self._queue.done, delivery.receipt)

    async def _again(self, delivery: Delivery, delay_s: int) -> None:
        await asyncio.to_thread(self._queue.release, delivery.receipt, delay_s=delay_s)

    async def _hold(self, delivery: Delivery) -> None:
        """Extend the lease for as long as the order takes."""
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                await asyncio.to_thread(self._queue.extend, delivery.receipt, self._lease_s)
            except Missing:
                note("lease lost", message=delivery.id)
                return
            except Exception as error:
                trouble("lease", error, message=delivery.id)
