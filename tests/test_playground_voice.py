"""The page in voice channels: a real browser on one side, a voice client on the other."""

import asyncio
import json
import wave
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from playground.discord import permissions
from playground.discord.person import Person
from playground.discord.server import Server
from playground.voice.speaker import VoicePerson
from playground.voice.speech import speech
from tests.playground.browser import NARROW, QUIET, WIDE, executable
from tests.playground.scripted_bot import ScriptedBot

pytestmark = pytest.mark.real
HZ = 48_000
FRAME = 1920
PATIENCE_S = 20.0
WORDS = "Good evening, when does the dome open on Sundays?"
SCRIPT = "import('/static/js/voice/call.js').then(async (m) => ({...(await m.heardSoFar())}))"


def wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HZ)
        file.writeframes(pcm)
    return path


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser's microphone hears, again and again."""
    return wav(tmp_path_factory.mktemp("sound") / "words.wav", speech(WORDS))


@pytest.fixture(scope="module")
def chromium(spoken: Path) -> Iterator[Browser]:
    """Without an answer to what a page asks for: permissions are given, or refused."""
    heard = (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    )
    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable(), args=[*QUIET.split(), *heard]
        )
        yield running
        running.close()
    expect.set_options(timeout=5000)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "discord", voice=True) as running:
        yield running


class Place:
    """The stand-in, and its people on the other side of the browser."""

    def __init__(self, server: Server) -> None:
        self.server, self.voice, self.world = server, server.voice, server.parts.world
        self.others: list[VoicePerson] = []

    def id(self, name: str) -> str:
        return next(u["id"] for u in self.world.users.values() if u["username"] == name)

    def channel(self, name: str) -> dict[str, Any]:
        return next(c for c in self.world.channels.values() if c.get("name") == name)

    def do(self, work: Awaitable[Any]) -> Any:
        async def wrapped() -> Any:
            return await asyncio.wait_for(work, PATIENCE_S)

        return self.voice.do(wrapped())

    def begin(self, work: Awaitable[Any]) -> "Future[Any]":
        async def wrapped() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), self.voice.loop)

    def sits(self, name: str, channel: str = "Lounge") -> VoicePerson:
        """Somebody in a voice channel, over the real protocol."""

        async def enter() -> VoicePerson:
            person = VoicePerson(self.voice, self.id(name))
            await person.join(self.channel(channel)["id"])
            return person

        self.others.append(self.do(enter()))
        return self.others[-1]

    def seat(self, name: str) -> str:
        """The name of the channel where somebody sits; "" for nowhere."""
        found = self.server.parts.states.of(self.id(name))
        return str(self.world.channels[found.channel]["name"]) if found else ""

    def wait_until_gone(self, name: str) -> None:
        after = 0
        while self.seat(name):
            found = self.server.parts.hub.after(after, self.id(name), PATIENCE_S)
            assert found, f"{name} still sits in {self.seat(name)}"
            after = found[-1].number


@pytest.fixture
def place(server: Server) -> Iterator[Place]:
    found = Place(server)
    yield found
    for other in found.others:
        found.do(other.leave())
    assert found.voice.rooms.violations == []
    assert server.parts.journal.violations() == []


@pytest.fixture
def visitor(chromium: Browser, place: Place) -> Iterator[Callable[..., Page]]:
    """Opens the page as somebody (vera); `microphone`: whether the browser may use it."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def visit(
        name: str = "vera", *, microphone: bool = True, locale: str = "en-US", narrow: bool = False
    ) -> Page:
        size: Any = NARROW if narrow else WIDE
        given = ["microphone"] if microphone else []
        context = chromium.new_context(viewport=size, locale=locale, permissions=given)
        opened.append(context)
        page = context.new_page()
        if not microphone:
            refuse = {"name": "microphone"}, "denied"
            asked = dict(zip(("permission", "setting"), refuse, strict=True))
            context.new_cdp_session(page).send("Browser.setPermission", asked)
        kept = json.dumps({"user": place.id(name)})
        page.add_init_script(f"localStorage.playground ??= {json.dumps(kept)}")
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(place.server.address)
        page.locator("body[data-ready]").wait_for()
        return page

    yield visit
    for context in opened:
        context.close()
    assert wrong == []


def join(page: Page, channel: str = "Lounge") -> None:
    page.get_by_test_id(f"voice-{channel}").click()
    expect(page.get_by_test_id("call-phase")).to_have_text("Voice Connected")


def rings(page: Page, name: str) -> None:
    """Wait until the page shows that somebody speaks."""
    ring = page.locator(f"[data-testid=sitter-{name}][data-speaking=true]")
    expect(ring.first).to_be_visible()


def loudness(pcm: bytes) -> np.ndarray[Any, Any]:
    """How loud each 20 ms are."""
    samples = np.frombuffer(pcm[: len(pcm) // FRAME * FRAME], "<i2").astype(float)
    found: np.ndarray[Any, Any] = np.sqrt((samples.reshape(-1, FRAME // 2) ** 2).mean(axis=1))
    return found


def likeness(heard: bytes, said: bytes) -> float:
    """How well the course of loudness agrees, at the best shift: 1 is perfect."""
    a, b = loudness(heard), loudness(said)
    shifts = range(max(1, len(a) - len(b) + 1))
    parts = [a[at : at + len(b)] for at in shifts]
    return max(float(np.corrcoef(part, b[: len(part)])[0, 1]) for part in parts)


def test_what_the_microphone_hears_reaches_the_others(
    visitor: Callable[..., Page], place: Place, spoken: Path
) -> None:
    page, max_ = visitor(), place.sits("max")
    join(page)
    length = len(speech(WORDS)) // FRAME
    place.do(max_.wait_heard(place.id("vera"), length * 2))
    rings(page, "vera")
    page.get_by_test_id("call-leave").click()
    expect(page.get_by_test_id("call")).to_be_hidden()
    place.wait_until_gone("vera")
    assert likeness(max_.pcm(place.id("vera"), HZ), speech(WORDS)) > 0.8
    assert (max_.undecryptable, max_.plaintext) == (0, 0)


def test_what_the_others_say_is_played_and_shown(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    said = speech("Hello there, this is Max. I am speaking to the browser now.")
    saying = place.begin(max_.say(said))
    rings(page, "max")
    saying.result(PATIENCE_S)
    expect(page.get_by_test_id("sitter-max")).to_have_attribute("data-speaking", "false")
    stats = page.evaluate(SCRIPT)
    assert stats["played"] > 0.8 * len(said) / 2, stats


def test_a_sound_file_is_sent_in_real_time_and_whole(
    visitor: Callable[..., Page], place: Place, spoken: Path
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    page.get_by_test_id("call-file").set_input_files(spoken)
    expect(page.get_by_test_id("call-playing")).to_contain_text("Playing words.wav")
    rings(page, "vera")
    expect(page.get_by_test_id("call-playing")).to_have_count(0)
    frames = len(speech(WORDS)) // FRAME
    place.do(max_.wait_heard(place.id("vera"), int(0.9 * frames)))
    place.do(max_.quiet(place.id("vera"), 0.5))
    assert likeness(max_.pcm(place.id("vera"), HZ), speech(WORDS)) > 0.8
    packets = [p for p in max_.heard[place.id("vera")] if len(p.opus) > 3]
    assert packets[-1].at - packets[0].at > 0.8 * frames * 0.02, "it came faster than it sounds"


def test_a_sound_file_can_be_stopped(
    visitor: Callable[..., Page], place: Place, tmp_path: Path
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    page.get_by_test_id("call-file").set_input_files(wav(tmp_path / "long.wav", speech(WORDS) * 30))
    place.do(max_.wait_heard(place.id("vera"), 20))
    page.get_by_test_id("call-stop").click()
    expect(page.get_by_test_id("call-playing")).to_have_count(0)
    place.do(max_.quiet(place.id("vera"), 1.0))


def test_what_is_no_sound_is_told_so(visitor: Callable[..., Page], tmp_path: Path) -> None:
    page = visitor(microphone=False)
    join(page)
    broken = tmp_path / "notes of Monday.mp3"
    broken.write_text("not a sound at all")
    page.get_by_test_id("call-file").set_input_files(broken)
    problem = page.get_by_test_id("call-problem")
    expect(problem).to_have_text("notes of Monday.mp3 is not a sound that this browser can play.")


def test_without_a_microphone_one_is_told_why_and_hears_all_the_same(
    visitor: Callable[..., Page], place: Place
) -> None:
    page = visitor(microphone=False)
    join(page)
    expect(page.get_by_test_id("call-microphone")).to_contain_text(
        "The browser was not allowed to use your microphone"
    )
    expect(page.get_by_test_id("call-status")).to_contain_text("not allowed to use")
    assert place.seat("vera") == "Lounge"


def test_the_microphone_can_be_muted_and_others_see_it(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, max_ = visitor(), place.sits("max")
    join(page)
    place.do(max_.wait_heard(place.id("vera"), 20))
    page.get_by_test_id("call-mute").click()
    sign = visitor("lina").get_by_test_id("sitter-vera").get_by_role("img", name="muted")
    expect(sign).to_be_visible()
    place.do(max_.quiet(place.id("vera"), 1.0))
    page.get_by_test_id("call-mute").click()
    expect(sign).to_have_count(0)
    place.do(max_.wait_heard(place.id("vera"), len(max_.heard[place.id("vera")]) + 20))


@pytest.mark.parametrize("name, why", [("max", "full"), ("bot", "permission")])
def test_a_channel_that_lets_nobody_in_says_why(
    name: str, why: str, visitor: Callable[..., Page], place: Place
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
    expected = {
        "full": "This channel is full. Wait until somebody leaves.",
        "permission": "You do not have permission to join this channel.",
    }
    expect(page.get_by_test_id("call-problem")).to_have_text(expected[why])
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


def test_a_voice_message_is_recorded_and_played(visitor: Callable[..., Page], place: Place) -> None:
    page = visitor()
    page.get_by_test_id("record").click()
    expect(page.get_by_test_id("recording")).to_contain_text("0:01")
    page.get_by_test_id("record-send").click()
    message = page.get_by_test_id("voice-message")
    message.get_by_test_id("player-go").click()
    expect(message.get_by_role("button", name="Pause")).to_be_visible()
    expect(message.get_by_role("button", name="Play")).to_be_visible()
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
    application, server = place.world.application, place.server
    key, token = place.world.public_key, application["bot_token"]
    with ScriptedBot(server.api, key, application["id"], token) as bot:
        server.parts.desk.url = bot.url
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
