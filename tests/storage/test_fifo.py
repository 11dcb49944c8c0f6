"""What every implementation of a FIFO queue does: order within a group, and once is once."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from protege.storage import Delivery, Queue
from protege.storage.aws import SqsQueue
from protege.storage.aws.signed import SignedQueue
from protege.storage.embedded import SqliteQueue
from tests.storage.conftest import REAL, Aws, Clock
from tests.storage.listening import PATIENT_S

DAY_OLD = """CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', ready_at REAL NOT NULL,
    receipt TEXT UNIQUE, receives INTEGER NOT NULL DEFAULT 0, put_at REAL NOT NULL,
    first_received_at REAL, last_received_at REAL, ended_at REAL)"""
"""The table as it was before there were groups."""


@pytest.fixture
def fifo_url(aws: Aws) -> str:
    made = aws.sqs.create_queue(
        QueueName=f"voice-{os.urandom(8).hex()}.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "false"},
    )
    return str(made["QueueUrl"])


@pytest.fixture(params=["embedded", *REAL])
def fifo(request: pytest.FixtureRequest, tmp_path: Path) -> Queue:
    if request.param == "embedded":
        return SqliteQueue(tmp_path / "queue.sqlite", name="voice", fifo=True)
    aws, url = request.getfixturevalue("aws"), request.getfixturevalue("fifo_url")
    return (
        SqsQueue(url, aws.sqs) if request.param == "aws" else SignedQueue(url, aws.env, PATIENT_S)
    )


def taken(queue: Queue) -> Delivery:
    """The next message. moto shows one again only from the next millisecond on."""
    for _ in range(100):
        found = queue.receive(wait_s=0, lease_s=60)
        if found:
            return found
    raise AssertionError("nothing came")


def test_the_next_of_a_group_waits_until_the_earlier_one_is_done(fifo: Queue) -> None:
    fifo.put("join", group="7")
    fifo.put("say", group="7")
    first = taken(fifo)
    assert first.body == "join"
    assert fifo.receive(wait_s=0, lease_s=60) is None
    fifo.done(first.receipt)
    assert taken(fifo).body == "say"


def test_groups_do_not_wait_for_each_other(fifo: Queue) -> None:
    fifo.put("here", group="7")
    fifo.put("later", group="7")
    fifo.put("there", group="8")
    assert {taken(fifo).body, taken(fifo).body} == {"here", "there"}
    assert fifo.receive(wait_s=0, lease_s=60) is None


def test_what_is_given_back_still_comes_before_what_was_put_later(fifo: Queue) -> None:
    for body in ("first", "second", "third"):
        fifo.put(body, group="7")
    fifo.release(taken(fifo).receipt)
    came = []
    for _ in range(3):
        found = taken(fifo)
        came.append(found.body)
        fifo.done(found.receipt)
    assert came == ["first", "second", "third"]


def test_what_is_put_once_comes_once(fifo: Queue) -> None:
    fifo.put("join", group="7", once="1420000000000000001")
    fifo.put("join", group="7", once="1420000000000000001")
    fifo.put("join", group="7", once="1420000000000000002")
    for _ in range(2):
        found = taken(fifo)
        fifo.done(found.receipt)
    assert fifo.receive(wait_s=0, lease_s=60) is None


def test_the_same_words_twice_are_two_messages(fifo: Queue) -> None:
    for _ in range(2):
        fifo.put("say", group="7")
    first = taken(fifo)
    fifo.done(first.receipt)
    assert taken(fifo).id != first.id


@pytest.mark.parametrize(
    "about",
    [{}, {"group": "a b"}, {"group": "x" * 129}, {"group": "7", "once": "ж"}],
    ids=["no group", "a space", "too long", "no ASCII"],
)
def test_what_sqs_would_refuse_is_refused(fifo: Queue, about: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        fifo.put("x", **about)
    with pytest.raises(ValueError):
        fifo.put("x", group="7", delay_s=1)
    assert fifo.receive(wait_s=0, lease_s=60) is None


def test_a_standard_queue_knows_no_groups(queue: Queue) -> None:
    with pytest.raises(ValueError):
        queue.put("x", group="7")
    with pytest.raises(ValueError):
        queue.put("x", once="1")
    assert queue.receive(wait_s=0, lease_s=60) is None


# ---- on one machine: the clock is ours -----------------------------------------------------------


@pytest.fixture
def local(tmp_path: Path, clock: Clock) -> SqliteQueue:
    return SqliteQueue(tmp_path / "queue.sqlite", name="voice", fifo=True, now=clock)


def test_what_was_done_is_not_put_again_either(local: SqliteQueue) -> None:
    """As in SQS; moto forgets with the message what it was put with."""
    local.put("x", group="7", once="1")
    local.done(taken(local).receipt)
    local.put("x", group="7", once="1")
    assert local.receive(wait_s=0, lease_s=60) is None


def test_after_five_minutes_the_same_is_taken_as_new(local: SqliteQueue, clock: Clock) -> None:
    first = local.put("x", group="7", once="1")
    clock.time += 299
    assert local.put("x", group="7", once="1") == first
    clock.time += 1
    assert local.put("x", group="7", once="1") != first


def test_a_poisoned_message_does_not_hold_up_its_group_for_ever(
    local: SqliteQueue, clock: Clock
) -> None:
    local.put("poison", group="7")
    local.put("next", group="7")
    for _ in range(3):
        assert taken(local).body == "poison"
        clock.time += 60
    assert taken(local).body == "next"
    assert [entry.body for entry in local.dead()] == ["poison"]


def test_a_lease_that_ran_out_keeps_the_order(local: SqliteQueue, clock: Clock) -> None:
    local.put("first", group="7")
    local.put("second", group="7")
    held = taken(local)
    clock.time += 60
    again = taken(local)
    assert (held.body, again.body, again.receives) == ("first", "first", 2)
    assert local.receive(wait_s=0, lease_s=60) is None


def test_work_and_voice_share_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    work, voice = SqliteQueue(path), SqliteQueue(path, name="voice", fifo=True)
    for number in range(2):
        work.put(f"work {number}")
        voice.put(f"voice {number}", group="7", once=str(number))
    assert [taken(work).body, taken(work).body] == ["work 0", "work 1"]
    assert taken(voice).body == "voice 0"


def test_a_file_of_an_earlier_version_is_taken_over_with_its_messages(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    with sqlite3.connect(path) as old:
        old.execute(DAY_OLD)
        old.execute(
            "INSERT INTO messages (queue, id, body, ready_at, put_at) "
            "VALUES ('work', 'a', 'x', 1, 1)"
        )
    old.close()
    voice = SqliteQueue(path, name="voice", fifo=True)
    voice.put("join", group="7", once="1")
    voice.put("join", group="7", once="1")
    again = SqliteQueue(path)
    assert (taken(again).body, taken(voice).body) == ("x", "join")
    assert voice.receive(wait_s=0, lease_s=60) is None


def test_processes_that_open_an_old_file_at_once_do_not_quarrel(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = tmp_path / "queue.sqlite"
    with sqlite3.connect(path) as old:
        old.execute(DAY_OLD)
    old.close()
    with ThreadPoolExecutor(8) as pool:
        queues = list(pool.map(lambda n: SqliteQueue(path, name=f"q{n}", fifo=True), range(8)))
    for queue in queues:
        queue.put("x", group="7")
        assert taken(queue).body == "x"
