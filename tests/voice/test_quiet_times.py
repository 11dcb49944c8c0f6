"""When a call is over by itself; how often one person is answered."""

from voice_worker.cooldown import PEOPLE, Cooldown
from voice_worker.idle import Idle, Unused


def test_a_call_in_which_nobody_speaks_is_over_after_a_while() -> None:
    idle = Idle(300, 0.0)
    idle.people(2, 0.0)
    assert idle.over(299.0) == ""
    idle.active(299.0)
    assert idle.over(598.0) == "" and idle.over(599.0) == "idle"


def test_an_empty_channel_is_left_sooner() -> None:
    idle = Idle(300, 0.0)
    idle.people(1, 0.0)
    idle.people(0, 100.0)
    assert idle.over(159.0) == "" and idle.over(160.0) == "alone"


def test_who_comes_back_in_time_finds_the_bot_there() -> None:
    idle = Idle(300, 0.0)
    idle.people(1, 0.0)
    idle.people(0, 100.0)
    idle.people(1, 150.0)
    assert idle.over(449.0) == "" and idle.over(450.0) == "idle"


def test_what_is_said_into_an_empty_channel_counts_for_as_long() -> None:
    idle = Idle(300, 0.0)
    idle.active(50.0)
    assert idle.over(109.0) == "" and idle.over(110.0) == "alone"


def test_a_worker_that_has_been_in_no_channel_for_a_while_may_end() -> None:
    unused = Unused(300, 0.0)
    unused.calls(1, 200.0)
    unused.calls(0, 499.0)
    assert not unused.over(499.0) and unused.over(500.0)


def test_a_person_is_answered_so_often_and_told_once_that_it_is_too_much() -> None:
    cooldown = Cooldown(most=2, within_s=10)
    assert [cooldown.may("1", at) for at in (0, 1, 2, 3)] == ["yes", "yes", "tell", "no"]
    assert cooldown.may("2", 3) == "yes"
    assert cooldown.wait_s("1", 3) == 7
    assert [cooldown.may("1", at) for at in (10, 10.5, 11)] == ["yes", "tell", "yes"]


def test_only_so_many_people_are_remembered() -> None:
    cooldown = Cooldown(most=1, within_s=1e9)
    for user in range(PEOPLE + 5):
        cooldown.may(str(user), 0.0)
    assert cooldown.may(str(PEOPLE), 0.0) == "tell" and cooldown.may("0", 0.0) == "yes"
