"""Who may send the bot where, and what an order must look like."""

import json
from typing import Any

import pytest

from protege.app import App
from protege.discord.interaction import Channel
from protege.voice.orders import Order
from tests.person import GUILD, Person
from tests.test_voice_commands import CONNECT, LOUNGE, VIEW, orders, other, runs, sits_in

MANAGE, MOVE = 1 << 5, 1 << 24


@pytest.mark.parametrize("may", [0, CONNECT, VIEW])
def test_nobody_sends_it_to_listen_where_they_may_not_go_themselves(
    ada: Person, app: App, may: int
) -> None:
    """What is said there would be written where the command was given."""
    runs(app)
    ada.slash("join", channel=LOUNGE._replace(permissions=may))
    assert "You may not enter <#900> yourself" in ada.sees
    assert orders(app) == []


def test_a_channel_of_unknown_permissions_is_not_entered(ada: Person, app: App) -> None:
    runs(app)
    payload = ada.command("join", channel=Channel("900", "Staff", 2))
    del payload["data"]["resolved"]["channels"]["900"]["permissions"]
    ada.act(payload)
    assert "You may not enter" in ada.sees


@pytest.mark.parametrize(("permissions", "trusted"), [(0, False), (MANAGE, True), (MOVE, True)])
def test_an_order_tells_whether_its_giver_may_move_others(
    ada: Person, app: App, permissions: int, trusted: bool
) -> None:
    runs(app)
    bob = other(ada, "43", str(permissions))
    sits_in(bob, "900")
    for command, options in (("join", {}), ("say", {"text": "hello"}), ("leave", {})):
        bob.slash(command, **options)
    assert [order.trusted for order in orders(app)] == [trusted] * 3


FORGED: list[Any] = [
    [],
    "join",
    {},
    {"do": "join"},
    {"do": "dance", "guild": GUILD},
    {"do": ["say"], "guild": GUILD},
    {"do": "say", "guild": 77},
    {"do": "say", "guild": "../78"},
    {"do": "say", "guild": GUILD, "interaction": "x"},
    {"do": "say", "guild": GUILD, "channel": "88/messages"},
    {"do": "join", "guild": GUILD, "voice_channel": "٣"},
    {"do": "say", "guild": GUILD, "text": None},
    {"do": "say", "guild": GUILD, "trusted": "yes"},
]


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_what_is_no_order_is_not_taken_for_one(forged: Any) -> None:
    with pytest.raises(ValueError):
        Order.parse(json.dumps(forged))


def test_a_body_that_is_nested_without_end_is_no_order() -> None:
    with pytest.raises(ValueError):
        Order.parse('{"do":' * 100_000)


def test_an_order_of_an_older_version_is_read() -> None:
    old = {"do": "say", "guild": GUILD, "text": "hello", "later": "added"}
    assert Order.parse(json.dumps(old)) == Order("say", GUILD, text="hello")


def test_who_is_heard_as_everyone_is_reads_so(ada: Person, app: App) -> None:
    ada.slash("voice")
    assert "You did not ask me to listen to you." in ada.sees
    ada.slash("voice", listen="everyone")
    assert "I hear you in voice channels where I am" in ada.sees
    assert "You did not ask" not in ada.sees
