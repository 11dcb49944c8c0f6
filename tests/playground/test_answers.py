"""Which answers Discord takes, and what a person sees when it does not."""

from typing import Any

import pytest

from playground.discord.person import Person, Refusal
from tests.playground.script import correction_form
from tests.playground.scripted_bot import PATIENCE_S, ScriptedBot

MESSAGE = {"type": 4, "data": {"content": "hello"}}
CHOICES = {"type": 8, "data": {"choices": []}}
WRONG = {
    "choices for a command": CHOICES,
    "an update for a command": {"type": 7, "data": {"content": "x"}},
    "a pong for a command": {"type": 1},
    "a type that does not exist": {"type": 99},
    "no type": {"data": {"content": "x"}},
    "a list": [],
    "an empty message": {"type": 4, "data": {}},
    "a long message": {"type": 4, "data": {"content": "x" * 2001}},
    "a row without buttons": {"type": 4, "data": {"components": [{"type": 1, "components": 5}]}},
    "a button of an odd style": {
        "type": 4,
        "data": {"components": [{"type": 1, "components": [{"type": 2, "style": []}]}]},
    },
    "buttons that are none": {"type": 4, "data": {"components": [{"type": 1, "components": [5]}]}},
    "data that is a text": {"type": 4, "data": "hello"},
    "a form without fields": {
        "type": 9,
        "data": {"custom_id": "a", "title": "b", "components": []},
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_the_application_did_not_respond_to(name: str, vera: Person, bot: ScriptedBot) -> None:
    bot.script["dataset"] = lambda interaction: WRONG[name]
    outcome = vera.slash("dataset show")
    assert outcome.kind == "failed"
    assert vera.messages() == []
    assert vera.violations()


def test_a_form_cannot_answer_a_form(vera: Person, bot: ScriptedBot) -> None:
    bot.script["whole"] = correction_form()
    failed = vera.submit(vera.slash("form"), level=["low"])
    assert failed.kind == "failed"
    assert "Response type 9 is not valid" in failed.why


def test_an_answer_after_three_seconds_is_lost(vera: Person, bot: ScriptedBot) -> None:
    vera.arrange("clock", limit_s=0.3)
    bot.go_on.clear()
    bot.script["dataset"] = lambda interaction: bot.go_on.wait(PATIENCE_S) and MESSAGE
    outcome = vera.slash("dataset show")
    bot.go_on.set()
    assert outcome.kind == "failed"
    assert "no answer" in outcome.why


def test_a_server_error_is_no_answer(vera: Person, bot: ScriptedBot) -> None:
    bot.status = 500
    assert vera.slash("dataset show").why == "answered 500"


def test_a_bot_that_is_not_there_is_no_answer(vera: Person, bot: ScriptedBot, server: Any) -> None:
    server.parts.desk.url = "http://127.0.0.1:1/interactions"
    assert vera.slash("dataset show").kind == "failed"


def test_a_form_from_a_button_may_change_the_buttons_message(
    vera: Person, bot: ScriptedBot
) -> None:
    bot.script["corrected"] = {"type": 7, "data": {"content": "corrected", "components": []}}
    answer = vera.answer_to(vera.slash("ask", question="x"))
    done = vera.submit(vera.press(answer, "Correct"), correction="right")
    assert done.kind == "update"
    assert vera.messages()[-1]["content"] == "corrected"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "required"),
        ({"correction": "ab"}, "between 3 and 400"),
        ({"correction": "x" * 401}, "between 3 and 400"),
        ({"correction": "abc", "other": "x"}, "no such field"),
    ],
)
def test_a_form_is_sent_only_when_it_is_filled_in(
    values: dict[str, str], why: str, vera: Person, bot: ScriptedBot
) -> None:
    answer = vera.answer_to(vera.slash("ask", question="x"))
    opened = vera.press(answer, "Correct")
    with pytest.raises(Refusal, match=why):
        vera.submit(opened, **values)


def test_what_was_prefilled_is_sent_along(vera: Person, bot: ScriptedBot) -> None:
    opened = vera.menu(vera.say("wrong"), "Correct this answer")
    assert vera.submit(opened).message["content"] == "Noted: Something"


def test_a_disabled_button_cannot_be_pressed(vera: Person) -> None:
    answer = vera.answer_to(vera.slash("ask", question="x"))
    with pytest.raises(Refusal, match="disabled"):
        vera.press(answer, "Off")


def test_private_answers_have_no_menu(vera: Person) -> None:
    private = vera.slash("dataset show").message
    with pytest.raises(Refusal, match="Unknown Message"):
        vera.menu(private, "Correct this answer")
