"""People do things; the scripted bot is asked and answers."""

from typing import Any

import pytest

from playground.discord.person import Person, Refusal
from playground.discord.server import Server
from tests.playground.scripted_bot import ScriptedBot

LOADING, PRIVATE = 1 << 7, 1 << 6


def test_a_slow_answer_thinks_first_and_is_filled_in_without_counting_as_an_edit(
    vera: Person, bot: ScriptedBot
) -> None:
    bot.go_on.clear()
    asked = vera.slash("ask", question="Why is it green?")
    assert asked.kind == "thinking"
    assert asked.message["flags"] & LOADING
    assert asked.message["interaction"]["name"] == "ask"
    bot.go_on.set()
    answer = vera.answer_to(asked)
    assert answer["content"].startswith("You asked: Why is it green?")
    assert answer["edited_timestamp"] is None
    assert vera.violations() == []


def test_a_button_opens_a_form_whose_answer_only_its_sender_sees(
    vera: Person, server: Server
) -> None:
    answer = vera.answer_to(vera.slash("ask", question="x"))
    opened = vera.press(answer, "Correct")
    assert opened.kind == "form"
    noted = vera.submit(opened, correction="Oxygen")
    assert noted.message["content"] == "Noted: Oxygen"
    assert noted.message["flags"] & PRIVATE
    others = Person(server.address, "max").messages()
    assert noted.message["id"] not in [m["id"] for m in others]
    assert vera.violations() == []


def test_a_button_may_change_its_message(vera: Person) -> None:
    answer = vera.answer_to(vera.slash("ask", question="x"))
    liked = vera.press(answer, "👍")
    assert liked.kind == "update"
    assert vera.messages()[-1]["content"] == "Liked 👍"
    assert vera.messages()[-1]["edited_timestamp"]


def test_a_file_travels_as_an_option(vera: Person) -> None:
    got = vera.slash("train", dataset=("наши данные.jsonl", b'{"a": 1}\n'))
    assert got.message["content"] == "Got наши_данные.jsonl: 9 bytes"


def test_choices_come_while_an_option_is_typed(vera: Person) -> None:
    found = vera.autocomplete("ask", "question", "auro")
    assert [choice["value"] for choice in found] == ["aurora borealis", "aurora australis"]


def test_a_command_for_administrators_is_not_offered_to_members(person: Any) -> None:
    assert "train" not in [c["name"] for c in person("max").commands()]
    assert "train" in [c["name"] for c in person("max", guild="").commands()]


def test_a_required_option_cannot_be_left_out(vera: Person) -> None:
    with pytest.raises(Refusal, match="This option is required"):
        vera.slash("ask")
