"""What every implementation of Queue does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protege.errors import Missing
from protege.storage import Delivery, Depth, Queue
from protege.storage.embedded import SqliteQueue
from protege.storage.limits import MESSAGE_MAX_BYTES


def _next(queue: Queue, lease_s: int = 60) -> Delivery:
    """The next message. moto shows one again only from the next millisecond on."""
    for _ in range(100):
        found = queue.receive(wait_s=0, lease_s=lease_s)
        if found:
            return found
    raise AssertionError("nothing came")


def test_a_message_arrives_as_it_was_put(queue: Queue) -> None:
    body = '{"text": "Привет 🦉\t\n"}'
    id = queue.put(body)
    found = _next(queue)
    assert (found.id, found.body, found.receives) == (id, body, 1)


def test_an_empty_queue_gives_nothing(queue: Queue) -> None:
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_a_held_message_is_given_to_nobody_else(queue: Queue) -> None:
    queue.put("x")
    _next(queue)
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_a_message_that_is_done_never_comes_again(queue: Queue) -> None:
    queue.put("x")
    found = _next(queue)
    queue.done(found.receipt)
    queue.done(found.receipt)
    with pytest.raises(Missing):
        queue.extend(found.receipt, 0)
    queue.release(found.receipt)
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_a_released_message_is_delivered_again_and_counted(queue: Queue) -> None:
    id = queue.put("x")
    first = _next(queue)
    queue.release(first.receipt)
    second = _next(queue)
    assert (second.id, second.body, second.receives) == (id, "x", 2)
    assert second.receipt != first.receipt


def test_a_message_may_be_released_for_later(queue: Queue) -> None:
    queue.put("x")
    queue.release(_next(queue).receipt, delay_s=60)
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_a_lost_lease_is_delivered_again(queue: Queue) -> None:
    queue.put("x")
    found = _next(queue)
    queue.extend(found.receipt, 0)
    assert _next(queue).receives == 2


def test_an_extended_lease_goes_on(queue: Queue) -> None:
    queue.put("x")
    found = _next(queue, lease_s=60)
    queue.extend(found.receipt, 600)
    assert queue.receive(wait_s=0, lease_s=60) is None
    queue.done(found.receipt)


def test_a_delayed_message_waits(queue: Queue) -> None:
    queue.put("later", delay_s=900)
    queue.put("now")
    assert _next(queue).body == "now"
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_messages_come_in_the_order_they_were_put(queue: Queue) -> None:
    for number in range(5):
        queue.put(str(number))
    assert [_next(queue).body for _ in range(5)] == list("01234")


def test_each_message_goes_to_one_of_many_workers(queue: Queue) -> None:
    for number in range(30):
        queue.put(str(number))

    def work(_: int) -> list[str]:
        bodies = []
        while found := queue.receive(wait_s=0, lease_s=60):
            queue.done(found.receipt)
            bodies.append(found.body)
        return bodies

    with ThreadPoolExecutor(4) as pool:
        bodies = [body for some in pool.map(work, range(4)) for body in some]
    assert sorted(bodies, key=int) == [str(number) for number in range(30)]


@pytest.mark.parametrize("body", ["", "\0", "\x1b", "\ufffe", "\ud800", "ж" * (2**17 + 1)])
def test_a_message_that_cannot_be_kept_is_refused(queue: Queue, body: str) -> None:
    with pytest.raises(ValueError):
        queue.put(body)
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_the_longest_message_arrives(queue: Queue) -> None:
    queue.put("x" * MESSAGE_MAX_BYTES)
    assert len(_next(queue).body) == MESSAGE_MAX_BYTES


def test_times_out_of_range_are_refused(queue: Queue) -> None:
    queue.put("x")
    found = _next(queue)
    for delay_s in (-1, 901):
        with pytest.raises(ValueError):
            queue.put("x", delay_s=delay_s)
    for lease_s in (-1, 43201):
        with pytest.raises(ValueError):
            queue.receive(wait_s=0, lease_s=lease_s)
        with pytest.raises(ValueError):
            queue.extend(found.receipt, lease_s)
        with pytest.raises(ValueError):
            queue.release(found.receipt, delay_s=lease_s)


def test_an_invented_receipt_holds_nothing(queue: Queue) -> None:
    with pytest.raises(Missing):
        queue.extend("no-such-receipt", 60)
    queue.done("no-such-receipt")
    queue.release("no-such-receipt")


def test_a_queue_tells_how_much_there_is_to_do(queue: Queue) -> None:
    assert queue.depth() == Depth(0, 0, None)
    for body in "abc":
        queue.put(body)
    queue.put("later", delay_s=60)
    _next(queue)
    assert queue.depth()[:2] == (3, 1)
    queue.done(_next(queue).receipt)
    assert queue.depth()[:2] == (2, 1)


def test_a_queue_on_one_machine_tells_since_when_the_oldest_waits(tmp_path: Path) -> None:
    time = 1_000.0
    queue = SqliteQueue(tmp_path / "queue.sqlite", now=lambda: time)
    queue.put("x")
    time += 40
    queue.put("y", delay_s=300)
    assert queue.depth() == Depth(2, 0, 40.0)
    _next(queue)
    time += 20
    assert queue.depth() == Depth(1, 1, None), "nothing is due"
