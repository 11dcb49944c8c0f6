"""An interaction's token: when it works, for what, and for how long."""

from typing import Any

import pytest

from playground.discord.person import Outcome, Person
from tests.playground.scripted_bot import ScriptedBot

LOADING, PRIVATE = 1 << 7, 1 << 6


@pytest.fixture
def thinking(vera: Person, bot: ScriptedBot) -> Outcome:
    """An interaction that was answered with "thinking", and nothing more yet."""
    bot.script["dataset"] = {"type": 5}
    return vera.slash("dataset show")


def last(bot: ScriptedBot) -> dict[str, Any]:
    return bot.received[-1]


def test_a_follow_up_right_after_thinking_fills_it_in(
    thinking: Outcome, vera: Person, bot: ScriptedBot
) -> None:
    status, first = bot.call("POST", bot.webhook(last(bot)), {"content": "1", "flags": PRIVATE})
    assert (status, first["id"]) == (200, thinking.message["id"])
    assert not first["flags"] & (LOADING | PRIVATE), "the ACK has fixed who sees it"
    _, second = bot.call("POST", bot.webhook(last(bot)), {"content": "2", "flags": PRIVATE})
    assert second["id"] != first["id"]
    assert second["flags"] & PRIVATE
    assert [m["content"] for m in vera.messages()] == ["1", "2"]


def test_an_edit_cannot_make_a_message_private(
    thinking: Outcome, vera: Person, bot: ScriptedBot
) -> None:
    path = f"{bot.webhook(last(bot))}/messages/@original"
    bot.call("PATCH", path, {"content": "x", "flags": PRIVATE})
    assert not vera.messages()[-1]["flags"] & PRIVATE


def test_a_token_that_ran_out_is_refused(thinking: Outcome, vera: Person, bot: ScriptedBot) -> None:
    path = f"{bot.webhook(last(bot))}/messages/@original"
    assert bot.call("PATCH", path, {"content": "in time"})[0] == 200
    vera.arrange("clock", expire=thinking.id)
    status, found = bot.call("PATCH", path, {"content": "late"})
    assert (status, found["code"]) == (401, 50027)
    assert vera.messages()[-1]["content"] == "in time"


def test_an_interaction_can_be_made_in_the_past(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("clock", back_s=16 * 60)
    vera.slash("dataset show")
    status, found = bot.call("POST", bot.webhook(last(bot)), {"content": "late"})
    assert (status, found["code"]) == (401, 50027)


def test_a_token_is_unknown_before_the_answer(vera: Person, bot: ScriptedBot) -> None:
    seen = []

    def early(interaction: dict[str, Any]) -> dict[str, Any]:
        seen.append(bot.call("POST", bot.webhook(interaction), {"content": "too early"}))
        return {"type": 4, "data": {"content": "now"}}

    bot.script["dataset"] = early
    assert vera.slash("dataset show").kind == "message"
    assert [(status, found["code"]) for status, found in seen] == [(404, 10015)]


def test_strangers_tokens_and_messages_are_unknown(
    thinking: Outcome, vera: Person, bot: ScriptedBot
) -> None:
    other = vera.say("mine")
    hook = bot.webhook(last(bot))
    codes = [
        bot.call("PATCH", f"{hook}x/messages/@original", {"content": "x"})[1]["code"],
        bot.call("PATCH", f"{hook}/messages/{other['id']}", {"content": "x"})[1]["code"],
        bot.call("PATCH", f"{hook}/messages/1", {"content": "x"})[1]["code"],
    ]
    assert codes == [10015, 10008, 10008]


def test_the_callback_route_answers_once(vera: Person, bot: ScriptedBot) -> None:
    answers = []

    def by_call(interaction: dict[str, Any]) -> None:
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
        for content in ("first", "second"):
            body = {"type": 4, "data": {"content": content}}
            answers.append(bot.call("POST", path, body, headers={}))

    bot.script["dataset"] = by_call
    outcome = vera.slash("dataset show")
    assert outcome.message["content"] == "first"
    assert answers[0][0] == 204
    assert (answers[1][0], answers[1][1]["code"]) == (400, 40060)
    assert vera.violations() == []


def test_deleting_the_original_takes_it_away(
    thinking: Outcome, vera: Person, bot: ScriptedBot
) -> None:
    path = f"{bot.webhook(last(bot))}/messages/@original"
    assert bot.call("DELETE", path)[0] == 204
    assert vera.messages() == []
    assert bot.call("GET", path)[1]["code"] == 10008
