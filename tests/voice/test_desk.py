"""Orders leave the queue when they are done, and not before."""

import asyncio
from pathlib import Path

import pytest

from protege.errors import Unavailable
from protege.storage.embedded import SqliteQueue
from protege.voice.orders import Order
from voice_worker.desk import Desk


class Hands:
    """Does orders as a test bids; what it did stands in `done`."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.taken = asyncio.Event()
        self.go_on = asyncio.Event()
        self.fails = 0

    async def act(self, order: Order) -> None:
        self.taken.set()
        await self.go_on.wait()
        if self.fails:
            self.fails -= 1
            raise Unavailable("not now")
        self.done.append((order.guild, order.do))


@pytest.fixture
def queue(tmp_path: Path) -> SqliteQueue:
    return SqliteQueue(tmp_path / "queue.sqlite", name="voice", fifo=True)


def put(queue: SqliteQueue, *orders: Order) -> None:
    for order in orders:
        queue.put(order.body(), group=order.guild)


def left(queue: SqliteQueue) -> list[str]:
    return [entry.state for entry in queue.journal()]


async def until(met: "object") -> None:
    while not met():  # type: ignore[operator]
        await asyncio.sleep(0.01)


def test_orders_of_a_guild_are_done_in_their_order_and_guilds_do_not_wait_for_each_other(
    queue: SqliteQueue,
) -> None:
    async def scene() -> list[tuple[str, str]]:
        hands = Hands()
        hands.go_on.set()
        desk = Desk(queue, hands.act, wait_s=0.05)
        put(queue, Order("join", "1"), Order("say", "1"), Order("join", "2"), Order("leave", "1"))
        running = asyncio.create_task(desk.run())
        async with asyncio.timeout(20):
            await until(lambda: left(queue) == ["done"] * 4)
        await desk.close()
        await running
        return hands.done

    done = asyncio.run(scene())
    assert [do for guild, do in done if guild == "1"] == ["join", "say", "leave"]
    assert ("2", "join") in done and set(left(queue)) == {"done"}


def test_an_order_that_fails_is_tried_again(queue: SqliteQueue) -> None:
    async def scene() -> None:
        hands = Hands()
        hands.go_on.set()
        hands.fails = 1
        desk = Desk(queue, hands.act, wait_s=0.05)
        put(queue, Order("join", "1"))
        running = asyncio.create_task(desk.run())
        async with asyncio.timeout(20):
            await until(lambda: set(left(queue)) == {"done"})
        await desk.close()
        await running

    asyncio.run(scene())
    assert left(queue) == ["done"]


def test_what_is_in_hand_when_the_desk_closes_is_there_for_the_next_worker(
    queue: SqliteQueue,
) -> None:
    async def scene() -> None:
        hands = Hands()
        desk = Desk(queue, hands.act, wait_s=0.05)
        put(queue, Order("join", "1"))
        running = asyncio.create_task(desk.run())
        await hands.taken.wait()
        await desk.close()
        await running
        assert hands.done == []

    asyncio.run(scene())
    assert queue.receive(wait_s=0, lease_s=5) is not None


class Lent(SqliteQueue):
    """Its clock stands still unless it is set; it counts how often a lease was extended."""

    def __init__(self, path: Path) -> None:
        self.clock, self.extended = 1e9, 0
        super().__init__(path, name="voice", fifo=True, now=lambda: self.clock)

    def extend(self, receipt: str, lease_s: int) -> None:
        super().extend(receipt, lease_s)
        self.extended += 1


def test_an_order_that_takes_long_is_held_all_the_while(tmp_path: Path) -> None:
    async def scene() -> None:
        hands, queue = Hands(), Lent(tmp_path / "queue.sqlite")
        desk = Desk(queue, hands.act, wait_s=0.05, lease_s=1)
        put(queue, Order("join", "1"))
        running = asyncio.create_task(desk.run())
        await hands.taken.wait()
        for _ in range(2):  # longer than a lease: it must have been extended
            queue.clock += 0.9
            known = queue.extended + 1  # the next may have looked at the clock before
            async with asyncio.timeout(20):
                await until(lambda known=known: queue.extended > known)
        assert queue.receive(wait_s=0, lease_s=5) is None
        hands.go_on.set()
        async with asyncio.timeout(20):
            await until(lambda: left(queue) == ["done"])
        await desk.close()
        await running

    asyncio.run(scene())


def test_what_is_no_order_is_dropped(queue: SqliteQueue) -> None:
    async def scene() -> None:
        hands = Hands()
        hands.go_on.set()
        desk = Desk(queue, hands.act, wait_s=0.05)
        queue.put("no JSON", group="1")
        put(queue, Order("join", "1"))
        running = asyncio.create_task(desk.run())
        async with asyncio.timeout(20):
            await until(lambda: set(left(queue)) == {"done"})
        await desk.close()
        await running

    asyncio.run(scene())
    assert set(left(queue)) == {"done"}
