"""Bad days on demand."""

import pytest
import urllib3

from playground.discord.person import Person, Refusal
from tests.playground.scripted_bot import ScriptedBot


def test_calls_are_limited_as_often_as_asked(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("faults", kind="rate_limit", count=2, seconds=0.25, path="/users/@me")
    found = [bot.call("GET", "/users/@me") for _ in range(3)]
    assert [status for status, _ in found] == [429, 429, 200]
    assert found[0][1] == {
        "message": "You are being rate limited.",
        "retry_after": 0.25,
        "global": False,
    }


def test_a_fault_waits_for_its_own_path_and_method(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("faults", kind="error", status=503, path="@original", method="PATCH")
    assert bot.call("GET", "/users/@me")[0] == 200
    bot.script["dataset"] = {"type": 5}
    vera.slash("dataset show")
    path = f"{bot.webhook(bot.received[-1])}/messages/@original"
    assert bot.call("GET", path)[0] == 200
    assert [bot.call("PATCH", path, {"content": "x"})[0] for _ in range(2)] == [503, 200]


def test_a_webhook_can_be_unknown_for_a_moment(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("faults", kind="early_404", path="/webhooks/")
    answer = vera.answer_to(vera.slash("ask", question="x"))
    assert answer["content"].startswith("You asked")
    bot.rest()
    statuses = [c["status"] for c in vera.exchange_of(answer)["calls"]]
    assert statuses == [404, 200]


def test_a_call_can_be_cut_off(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("faults", kind="timeout", seconds=0.05)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        bot.call("GET", "/users/@me")
    assert bot.call("GET", "/users/@me")[0] == 200


def test_an_unknown_kind_of_fault_is_refused(vera: Person) -> None:
    with pytest.raises(Refusal, match="kind must be one of"):
        vera.arrange("faults", kind="earthquake")
