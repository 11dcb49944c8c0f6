"""Who may sit where, who sees it, and how one gets up again."""

from collections.abc import Callable

import aiohttp
import pytest
from playwright.sync_api import Page, expect

from playground.discord import permissions
from playground.discord.person import Person
from tests.playground.calls.place import Place, join

pytestmark = pytest.mark.real


REFUSALS = {
    "full": "This channel is full. Wait until somebody leaves.",
    "permission": "You do not have permission to join this channel.",
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_channel_that_lets_nobody_in_says_why(
    why: str, visitor: Callable[..., Page], place: Place
) -> None:
    if why == "full":
        place.sits("max", "Booth")
    else:
        booth = place.channel("Booth")
        closed = {"id": place.id("lina"), "type": 1, "allow": "0"}
        closed["deny"] = str(permissions.CONNECT)
        place.world.channels[booth["id"]] = {**booth, "permission_overwrites": [closed]}
    page = visitor("lina")
    page.get_by_test_id("voice-Booth").click()
    expect(page.get_by_test_id("call-problem")).to_have_text(REFUSALS[why])
    assert place.seat("lina") == ""
    page.get_by_test_id("call-leave").click()
    join(page)


def test_closing_the_tab_leaves(visitor: Callable[..., Page], place: Place) -> None:
    page = visitor()
    join(page)
    assert place.seat("vera") == "Lounge"
    page.close()
    place.wait_until_gone("vera")


def test_switching_the_person_leaves(visitor: Callable[..., Page], place: Place) -> None:
    page = visitor()
    join(page)
    page.get_by_test_id("person").select_option(label="Max")
    expect(page.get_by_test_id("call")).to_be_hidden()
    place.wait_until_gone("vera")


def test_a_lost_connection_is_told_and_can_be_mended(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, max_ = visitor(), place.sits("max")
    join(page)
    place.server.browsers.hang_up(place.id("vera"))
    expect(page.get_by_test_id("call-phase")).to_have_text("Connection lost")
    place.wait_until_gone("vera")
    page.get_by_test_id("call-rejoin").click()
    expect(page.get_by_test_id("call-phase")).to_have_text("Voice Connected")
    place.do(max_.wait_heard(place.id("vera"), 20))


def test_a_second_tab_takes_the_seat_over(visitor: Callable[..., Page], place: Place) -> None:
    first, second = visitor(), visitor()
    join(first)
    join(second, "Stage door")
    expect(first.get_by_test_id("call-problem")).to_contain_text("You joined from another tab")
    assert place.seat("vera") == "Stage door"


def test_who_is_moved_or_thrown_out_sees_it(visitor: Callable[..., Page], place: Place) -> None:
    page, max_ = visitor(), place.sits("max", "Stage door")
    join(page)
    place.voice.gateway.move(place.id("vera"), place.channel("Stage door")["id"])
    expect(page.get_by_test_id("call-where")).to_have_text("Stage door / Aurora Observatory")
    place.do(max_.wait_heard(place.id("vera"), 20))
    place.voice.gateway.kick(place.id("vera"))
    expect(page.get_by_test_id("call-problem")).to_have_text(
        "Somebody disconnected you from the channel."
    )


def test_who_comes_and_goes_is_seen_by_all_the_bot_too(
    visitor: Callable[..., Page], place: Place
) -> None:
    page = visitor(locale="ru")
    bot, lounge = place.world.bot["id"], place.channel("Lounge")["id"]
    place.server.parts.states.join(bot, lounge)
    expect(page.get_by_test_id("sitter-Protégé")).to_be_visible()
    place.sits("max")
    expect(page.get_by_test_id("sitter-max")).to_be_visible()
    place.server.parts.states.leave(bot)
    expect(page.get_by_test_id("sitter-Protégé")).to_have_count(0)


def test_a_call_is_led_by_keyboard_in_russian_on_a_narrow_screen(
    visitor: Callable[..., Page], place: Place
) -> None:
    page = visitor(locale="ru-RU", narrow=True)
    page.get_by_test_id("burger").press("Enter")
    page.get_by_role("button", name="Подключиться: Lounge").press("Enter")
    expect(page.get_by_test_id("call-phase")).to_have_text("Голосовая связь подключена")
    expect(page.get_by_test_id("voice-Lounge")).to_be_focused()
    page.get_by_role("button", name="Выключить микрофон").press("Enter")
    expect(page.get_by_role("button", name="Включить микрофон")).to_be_focused()
    panel, window = page.get_by_test_id("call").bounding_box(), page.viewport_size
    assert panel and window and panel["x"] >= 0 and panel["x"] + panel["width"] <= window["width"]
    page.locator(".chat").click(position={"x": 380, "y": 400})
    page.get_by_test_id("call-chip").press("Enter")
    page.get_by_role("button", name="Отключиться").press("Enter")
    place.wait_until_gone("vera")


@pytest.mark.parametrize("origin, user", [("http://evil.example", "vera"), ("", "Protégé")])
def test_another_page_and_the_bot_get_no_seat(origin: str, user: str, place: Place) -> None:
    socket = Person(place.server.address)._get("/playground/world")["voice"]
    headers = {"Origin": origin or place.server.address}

    async def knock() -> int:
        async with aiohttp.ClientSession() as session:
            url = f"{socket}?user={place.id(user)}"
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url, headers=headers)
            return refused.value.status

    assert place.do(knock()) == 403
