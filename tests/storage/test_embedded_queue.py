"""What only the queue on one machine can show: its clock is ours, and it keeps a journal."""

import threading
from pathlib import Path

import pytest

from protege.errors import Missing, Unavailable
from protege.storage import Delivery
from protege.storage.embedded import SqliteQueue
from tests.storage.conftest import Clock


@pytest.fixture
def queue(tmp_path: Path, clock: Clock) -> SqliteQueue:
    return SqliteQueue(tmp_path / "queue.sqlite", now=clock)


def _next(queue: SqliteQueue, lease_s: int = 60) -> Delivery:
    found = queue.receive(wait_s=0, lease_s=lease_s)
    assert found
    return found


def test_a_lease_that_runs_out_is_delivered_again(queue: SqliteQueue, clock: Clock) -> None:
    queue.put("x")
    first = _next(queue)
    clock.time += 59.9
    assert queue.receive(wait_s=0, lease_s=60) is None
    clock.time += 0.1
    second = _next(queue)
    assert (second.receives, second.id) == (2, first.id)
    assert second.receipt != first.receipt


def test_an_extended_lease_runs_from_now(queue: SqliteQueue, clock: Clock) -> None:
    queue.put("x")
    held = _next(queue)
    clock.time += 50
    queue.extend(held.receipt, 60)
    clock.time += 59
    assert queue.receive(wait_s=0, lease_s=60) is None
    clock.time += 1
    with pytest.raises(Missing):
        queue.extend(held.receipt, 60)
    assert _next(queue).receives == 2


def test_an_old_receipt_can_do_nothing_to_a_message_that_was_handed_on(
    queue: SqliteQueue, clock: Clock
) -> None:
    queue.put("x")
    old = _next(queue)
    clock.time += 60
    new = _next(queue)
    with pytest.raises(Missing):
        queue.extend(old.receipt, 600)
    queue.release(old.receipt)
    queue.done(old.receipt)
    assert queue.receive(wait_s=0, lease_s=60) is None
    clock.time += 59
    queue.extend(new.receipt, 60)
    queue.done(new.receipt)
    assert [entry.state for entry in queue.journal()] == ["done"]


def test_a_late_worker_may_still_finish_what_nobody_took_over(
    queue: SqliteQueue, clock: Clock
) -> None:
    queue.put("x")
    held = _next(queue)
    clock.time += 100
    queue.done(held.receipt)
    assert queue.receive(wait_s=0, lease_s=60) is None


def test_a_delayed_message_comes_when_its_time_has_come(queue: SqliteQueue, clock: Clock) -> None:
    queue.put("later", delay_s=10)
    queue.put("latest", delay_s=20)
    clock.time += 10
    assert _next(queue).body == "later"
    assert queue.receive(wait_s=0, lease_s=60) is None
    clock.time += 10
    assert _next(queue).body == "latest"


def test_a_message_that_fails_does_not_hold_up_the_others(queue: SqliteQueue, clock: Clock) -> None:
    queue.put("bad")
    queue.put("good")
    clock.time += 1
    queue.release(_next(queue).receipt)
    assert [_next(queue).body, _next(queue).body] == ["good", "bad"]


def test_after_three_deliveries_a_message_is_dead_until_it_is_driven_back(
    queue: SqliteQueue, clock: Clock
) -> None:
    id = queue.put("poison")
    for receives in (1, 2, 3):
        assert _next(queue).receives == receives
        assert queue.dead() == []
        clock.time += 60
    assert [(entry.id, entry.body, entry.receives) for entry in queue.dead()] == [(id, "poison", 3)]
    assert queue.receive(wait_s=0, lease_s=60) is None
    assert (queue.redrive(), queue.redrive()) == (1, 0)
    assert queue.dead() == []
    assert _next(queue).receives == 1


def test_a_dead_message_does_not_hide_the_next(queue: SqliteQueue, clock: Clock) -> None:
    queue.put("poison")
    for _ in range(3):
        queue.release(_next(queue).receipt)
    queue.put("next")
    assert _next(queue).body == "next"
    assert [entry.body for entry in queue.dead()] == ["poison"]


def test_the_journal_tells_what_became_of_each_message(queue: SqliteQueue, clock: Clock) -> None:
    start = clock.time
    ids = [queue.put("done")]
    queue.done(_next(queue).receipt)
    ids.append(queue.put("dead"))
    for _ in range(3):
        queue.release(_next(queue).receipt)
    clock.time += 1
    ids += [queue.put("held"), queue.put("waiting")]
    _next(queue)
    assert [tuple(entry) for entry in reversed(queue.journal())] == [
        (ids[0], "done", "done", start, start, start, start, 1),
        (ids[1], "dead", "dead", start, start, start, None, 3),
        (ids[2], "held", "held", start + 1, start + 1, start + 1, None, 1),
        (ids[3], "waiting", "waiting", start + 1, None, None, None, 0),
    ]


def test_the_journal_shows_the_latest_first_and_no_more_than_asked(queue: SqliteQueue) -> None:
    for number in range(60):
        queue.put(str(number))
    assert [entry.body for entry in queue.journal(limit=2)] == ["59", "58"]
    assert len(queue.journal()) == 50


def test_what_is_done_leaves_the_journal_after_a_quarter_of_an_hour(
    queue: SqliteQueue, clock: Clock
) -> None:
    queue.put("old")
    queue.done(_next(queue).receipt)
    clock.time += 15 * 60
    assert [entry.body for entry in queue.journal()] == ["old"]
    clock.time += 1
    assert queue.journal() == []


def test_queues_of_other_names_share_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    work, calls = SqliteQueue(path), SqliteQueue(path, name="calls")
    work.put("work")
    assert calls.receive(wait_s=0, lease_s=60) is None
    found = _next(work)
    calls.done(found.receipt)
    with pytest.raises(Missing):
        calls.extend(found.receipt, 60)
    assert calls.journal() == []
    assert [entry.state for entry in work.journal()] == ["held"]


@pytest.mark.parametrize("same", [True, False])
def test_a_waiting_worker_is_woken_by_a_new_message(tmp_path: Path, same: bool) -> None:
    waiting = SqliteQueue(tmp_path / "queue.sqlite")
    putting = waiting if same else SqliteQueue(tmp_path / "queue.sqlite")
    found: list[Delivery | None] = []
    worker = threading.Thread(
        target=lambda: found.append(waiting.receive(wait_s=20, lease_s=60)), daemon=True
    )
    worker.start()
    putting.put("x")
    worker.join(timeout=19)  # before it would look a last time
    assert found and found[0] and found[0].body == "x"


def test_messages_are_there_after_the_queue_is_opened_again(tmp_path: Path) -> None:
    first = SqliteQueue(tmp_path / "queue.sqlite")
    first.put("waiting")
    first.put("held")
    held = _next(first)
    again = SqliteQueue(tmp_path / "queue.sqlite")
    again.done(held.receipt)
    assert _next(again).body == "held"


def test_a_queue_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        SqliteQueue(tmp_path)
