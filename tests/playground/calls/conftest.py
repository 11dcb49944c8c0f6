"""A browser with a microphone, a stand-in with a voice server, and who uses them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from playground.discord.server import Server
from playground.voice.speech import speech
from tests.playground.browser import NARROW, PATIENCE_MS, WIDE, browser
from tests.playground.calls.place import WORDS, Place, wav
from tests.playground.house import patient


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The words as a file."""
    return wav(tmp_path_factory.mktemp("sound") / "words.wav", speech(WORDS))


@pytest.fixture(scope="module")
def chromium(spoken: Path) -> Iterator[Browser]:
    """Without an answer to what a page asks for: permissions are given, or refused."""
    heard = (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    )
    with browser(*heard) as running:
        yield running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "discord", voice=True) as running:
        patient(running.voice.rooms)
        yield running


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
        context.set_default_timeout(PATIENCE_MS)
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
