"""One voice worker at a time: who runs, who starts one, over both kinds of records."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protege.storage.embedded import SqliteQueue, SqliteRecords
from protege.voice.calling import Calling
from protege.voice.orders import Order
from protege.voice.presence import LAUNCH_S, STALE_S, Presence
from tests.storage.conftest import Clock

JOIN = Order("join", "7", "9", interaction="1", token="t")


class Counting:
    """A launcher that counts."""

    def __init__(self) -> None:
        self.started = 0

    def start(self) -> None:
        self.started += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presence(tmp_path: Path, clock: Clock) -> Presence:
    return Presence(SqliteRecords(tmp_path / "records.sqlite", now=clock), now=clock)


@pytest.fixture
def launcher() -> Counting:
    return Counting()


@pytest.fixture
def calling(
    tmp_path: Path, presence: Presence, launcher: Counting, clock: Clock
) -> Callable[[str], Calling]:
    queue = SqliteQueue(tmp_path / "queue.sqlite", name="voice", fifo=True, now=clock)

    def made(mode: str) -> Calling:
        return Calling(mode, presence, lambda: queue, lambda: launcher, lambda guild, user: "")

    return made


def test_a_worker_is_alive_as_long_as_it_says_so(presence: Presence, clock: Clock) -> None:
    assert not presence.alive()
    assert presence.beat("a", clock(), 0)
    clock.time += STALE_S - 0.1
    assert presence.alive()
    clock.time += 0.1
    assert not presence.alive()
    assert presence.beat("a", clock(), 0)
    assert presence.alive()


def test_a_worker_that_stops_is_gone_at_once(presence: Presence, clock: Clock) -> None:
    presence.beat("a", clock(), 2)
    presence.gone("b")
    assert presence.alive(), "that was another one's farewell"
    presence.gone("a")
    assert presence.state() == "off"


def test_of_two_workers_the_first_one_stays(presence: Presence, clock: Clock) -> None:
    assert presence.beat("old", 100.0, 0)
    assert not presence.beat("young", 200.0, 0)
    assert presence.beat("old", 100.0, 0)
    clock.time += STALE_S
    assert presence.beat("young", 200.0, 0), "the first one died"
    assert presence.beat("old", 100.0, 0), "or only slept"
    assert not presence.beat("young", 200.0, 0)


def test_a_launch_is_claimed_by_one_of_many(presence: Presence) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: presence.claim(), range(16)))
    assert claims.count(True) == 1


def test_a_launch_that_never_came_to_life_may_be_tried_again(
    presence: Presence, clock: Clock
) -> None:
    assert presence.claim()
    clock.time += LAUNCH_S - 0.1
    assert not presence.claim()
    clock.time += 0.1
    assert presence.claim()
    presence.unclaim()
    assert presence.claim()


def test_a_worker_that_came_and_went_does_not_keep_the_next_from_starting(
    presence: Presence, clock: Clock
) -> None:
    assert presence.claim()
    presence.beat("a", clock(), 0)
    presence.gone("a")
    assert presence.claim()
    presence.gone("a")
    assert presence.state() == "starting", "an old farewell does not undo a new start"


def test_a_failed_start_does_not_hide_a_worker_that_is_there(
    presence: Presence, clock: Clock
) -> None:
    presence.claim()
    presence.beat("a", clock(), 0)
    presence.unclaim()
    assert presence.alive()


def test_many_calls_start_one_worker(
    calling: Callable[[str], Calling], launcher: Counting, presence: Presence, clock: Clock
) -> None:
    asked = calling("on_demand")
    assert [asked.send(JOIN._replace(guild=str(n))) for n in range(3)] == ["starting"] * 3
    assert launcher.started == 1
    assert asked.send(Order("say", "7", text="x", interaction="2")) == "starting", (
        "it waits its turn"
    )
    presence.beat("a", clock(), 0)
    assert asked.send(JOIN) == "running"
    assert launcher.started == 1


def test_only_joining_starts_a_worker(
    calling: Callable[[str], Calling], launcher: Counting
) -> None:
    for do in ("leave", "say", "rules"):
        assert calling("on_demand").send(JOIN._replace(do=do)) == "off"
    assert calling("off").send(JOIN) == "off"
    assert launcher.started == 0


def test_one_that_is_always_to_run_is_started_where_none_does(
    calling: Callable[[str], Calling], launcher: Counting, presence: Presence, clock: Clock
) -> None:
    calling("on_demand").keep()
    calling("off").keep()
    assert launcher.started == 0
    always = calling("always")
    always.keep()
    always.keep()
    assert launcher.started == 1
    presence.beat("a", clock(), 0)
    always.keep()
    assert launcher.started == 1
    presence.gone("a")
    always.keep()
    assert launcher.started == 2


def test_orders_travel_whole() -> None:
    order = Order("say", "7", "9", 'Привет 🦉 "и" \n', "1", "2", "ru", "3", "t")
    assert Order.parse(order.body()) == order and order.body().isascii()
