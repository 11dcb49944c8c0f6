"""How often one may come: exact for many at once, on every storage."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protege.limits import KNOWN_S, MINUTE_S, Limits, Rates, TooOften
from protege.settings import Settings
from protege.storage import Records
from protege.storage.embedded import SqliteRecords
from tests.storage.conftest import Clock


@pytest.fixture
def limits(records: Records, clock: Clock) -> Limits:
    """Six questions a minute for each, ten for all; on every storage."""
    return Limits(records, Settings(records), Rates(6, 10), clock)


def come(limits: Limits, person: str, times: int, space: str = "77") -> int:
    """How often of so many times a person is let in."""
    let_in = 0
    for _ in range(times):
        try:
            limits.check(space, person, "asking")
            let_in += 1
        except TooOften:
            continue
    return let_in


def test_who_comes_too_often_is_told_when_to_come_again(limits: Limits, clock: Clock) -> None:
    assert come(limits, "42", 7) == 6
    with pytest.raises(TooOften) as refused:
        limits.check("77", "42", "asking")
    assert refused.value.at == clock.time + MINUTE_S / 6
    assert f"<t:{refused.value.at:.0f}:R>" in refused.value.to("en") and limits.refused("77") == 2
    clock.time = refused.value.at - 0.1
    assert come(limits, "42", 1) == 0
    clock.time = refused.value.at
    assert come(limits, "42", 2) == 1


def test_a_guild_has_a_limit_of_its_own_and_others_are_not_touched(limits: Limits) -> None:
    assert come(limits, "42", 6) + come(limits, "43", 6) == 10
    with pytest.raises(TooOften, match="So many people"):
        limits.check("77", "44", "asking")
    assert come(limits, "42", 7, space="78") == 6


def test_of_many_at_once_exactly_as_many_are_let_in_as_may(limits: Limits) -> None:
    let_in: list[int] = []
    people = [str(number) for number in range(6)]
    threads = [
        threading.Thread(target=lambda who=who: let_in.append(come(limits, who, 3)))
        for who in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == 10 and limits.refused("77") == 8


def test_kinds_do_not_wait_for_each_other(limits: Limits) -> None:
    assert come(limits, "42", 6) == 6
    for kind, most in (("training", 2), ("other", 18)):
        for _ in range(most):
            limits.check("77", "42", kind)  # type: ignore[arg-type]
        with pytest.raises(TooOften):
            limits.check("77", "42", kind)  # type: ignore[arg-type]


def test_a_guild_may_set_less_and_never_more(tmp_path: Path, clock: Clock) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite", now=clock)
    rules = Settings(records)
    limits = Limits(records, rules, Rates(6, 10), clock)
    assert limits.rates("77") == (6, 10)
    rules.change("77", "42", rate_person="2", rate_guild="99")
    assert limits.rates("77") == (6, 10), "read once in half a minute"
    clock.time += KNOWN_S
    assert limits.rates("77") == (2, 10) and limits.rates("77", "training") == (1, 3)
    free = Limits(records, rules, Rates(), clock)
    assert free.rates("77") == (2, 99) and free.rates("78") == (0, 0)
    free.check("78", "42", "asking")
    assert not list(records.find("limit#78")), "what is not limited costs nothing"


@settings(max_examples=25)
@given(rate=st.integers(1, 9), waits=st.lists(st.floats(0, 30), max_size=25))
def test_in_no_stretch_of_time_more_are_let_in_than_a_minutes_worth_and_what_it_refills(
    tmp_path_factory: pytest.TempPathFactory, rate: int, waits: list[float]
) -> None:
    clock = Clock()
    records = SqliteRecords(tmp_path_factory.getbasetemp() / "limits.sqlite", now=clock)
    limits = Limits(records, Settings(records), Rates(rate, 0), clock)
    space, times = os.urandom(8).hex(), []
    for wait in waits:
        clock.time += wait
        if come(limits, "42", 1, space):
            times.append(clock.time)
    for first, begin in enumerate(times):
        for last, end in enumerate(times[first:], first):
            assert last - first + 1 <= rate + (end - begin) * rate / MINUTE_S + 1e-3


def test_a_clock_that_goes_wrong_locks_nobody_out(records: Records, clock: Clock) -> None:
    ahead = Clock()
    ahead.time = clock.time + 3600
    elsewhere = Limits(records, Settings(records), Rates(6, 10), ahead)
    assert come(elsewhere, "42", 7) == 6
    assert come(Limits(records, Settings(records), Rates(6, 10), clock), "42", 7) == 6


def test_nobody_is_remembered_for_longer_than_it_matters(tmp_path: Path, clock: Clock) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite", now=clock)
    limits = Limits(records, Settings(records), Rates(6, 10), clock)
    come(limits, "42", 1)
    clock.time += MINUTE_S
    come(limits, "43", 1)
    assert list(records.get("limit#77", "asking").fields["people"]) == ["43"]
    clock.time += 24 * 3600
    assert not list(records.find("limit#77"))
