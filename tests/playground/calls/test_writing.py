"""Voice messages, replies, mentions, and commands that ask for a voice channel."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from playground.discord.person import Person
from tests.playground.calls.place import Place
from tests.playground.conftest import scripted

pytestmark = pytest.mark.real
NOTED = """sound => {
    const button = sound.closest(".player").querySelector("button");
    sound.dataset.noted = "";
    const note = () => { sound.dataset.noted += `${button.ariaLabel};`; };
    for (const what of ["play", "ended"]) sound.addEventListener(what, note);
}"""
"""Writes down what the button says while the sound plays, which is short, and when it has ended."""


def test_a_voice_message_is_recorded_and_played(visitor: Callable[..., Page], place: Place) -> None:
    page = visitor()
    page.get_by_test_id("record").click()
    expect(page.get_by_test_id("recording")).to_contain_text(re.compile(r"0:(0[1-9]|[1-5]\d)"))
    page.get_by_test_id("record-send").click()
    message = page.get_by_test_id("voice-message")
    sound = message.locator("audio")
    sound.evaluate(NOTED)
    message.get_by_test_id("player-go").click()
    expect(sound).to_have_attribute("data-noted", re.compile("^Pause[^;]*;Play[^;]*;$"))
    expect(message.get_by_role("button", name="Play")).to_be_visible()
    message.get_by_role("slider").fill("0.5")
    expect(message.get_by_test_id("player-time")).to_have_text("0:00")
    assert sound.evaluate("sound => sound.currentTime") == 0.5
    [sent] = Person(place.server.address, "vera").messages()
    [file] = sent["attachments"]
    assert sent["flags"] & 1 << 13 and file["duration_secs"] > 1 and file["waveform"]
    assert (file["filename"], file["content_type"]) == ("voice-message.ogg", "audio/ogg")


def test_a_message_mentions_the_bot_and_answers_another(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, bot = visitor(), place.world.bot["id"]
    first = Person(place.server.address, "max").say("Who knows the dome?")
    page.get_by_test_id("message").click(button="right")
    page.get_by_test_id("reply").click()
    expect(page.get_by_test_id("replying")).to_contain_text("Replying to Max")
    page.keyboard.type("@pro")
    page.keyboard.press("Enter")
    page.keyboard.type("does")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message")).to_have_count(2)
    sent = Person(place.server.address, "vera").messages()[-1]
    assert sent["content"] == f"<@{bot}> does"
    assert sent["message_reference"]["message_id"] == first["id"]


def test_a_command_asks_for_a_voice_channel(visitor: Callable[..., Page], place: Place) -> None:
    with scripted(place.server) as bot:
        place.server.parts.desk.url = bot.url
        where = {"type": 7, "name": "channel", "description": "Where", "channel_types": [2]}
        bot.script["join"] = {"type": 4, "data": {"content": "Coming"}}
        bot.register([{"name": "join", "type": 1, "description": "Come", "options": [where]}])
        page = visitor()
        page.get_by_test_id("composer").click()
        page.keyboard.type("/join")
        page.keyboard.press("Enter")
        page.get_by_test_id("offer-channel").click()
        offered = page.get_by_test_id("popover").get_by_role("option")
        expect(offered).to_have_text(["Lounge", "Booth", "Stage door"])
        page.keyboard.type("stage")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("message").last).to_contain_text("Coming")
        value = bot.received[-1]["data"]["options"][0]["value"]
    assert value == place.channel("Stage door")["id"]
