"""A worker over a real app, a recording Discord and a staged line."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from protege.app import App
from protege.learning import Lesson
from protege.voice.orders import Order
from tests.person import ADA, CHANNEL, GUILD, configured, snowflake
from tests.recorder import Recorder
from tests.voice.stage import QUIET, Dictated, StageLine, StageLink, voice
from voice_worker.idle import Idle
from voice_worker.speaking import Manner, Speaker
from voice_worker.worker import End, Worker

LOUNGE = "901"
BOB = "43"


class Tone:
    """A quarter of a second of sound for each sentence; `said`: what it was given."""

    name = "tone"

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        self.said.append(text)
        yield b"\x00\x10\x00\xf0" * 6_000


class Studio:
    """What a test has in hand while the worker runs."""

    def __init__(self, app: App, discord: Recorder, folder: Path) -> None:
        self.app = app
        self.discord = discord
        self.tone = Tone()
        self.line = StageLine()
        self.scribe = Dictated()
        speaker = Speaker(self.tone, folder / "cache")
        self.worker = Worker(app, self.scribe, speaker, lambda owner: self.line)  # type: ignore
        self.ended: asyncio.Task[End] = asyncio.create_task(self.worker.run())

    @property
    def link(self) -> StageLink:
        found = self.line.link(GUILD)
        assert found, "it is in no channel"
        return found

    async def until(self, met: Callable[[], Any], patience_s: float = 20.0) -> None:
        async with asyncio.timeout(patience_s):
            while not met():
                assert not self.ended.done() or self.worker.stop.is_set(), self.ended
                await asyncio.sleep(0.01)

    def order(self, do: str, **fields: Any) -> Order:
        """Give an order, as a command does."""
        usual = {"user": ADA, "channel": CHANNEL, "interaction": snowflake(), "token": "tok"}
        order = Order(do, GUILD, **{**usual, **fields})  # type: ignore[arg-type]
        self.app.voice_queue.put(order.body(), group=GUILD, once=order.interaction)
        return order

    async def joined(self, *people: str) -> StageLink:
        """Into the lounge, where these people sit; its greeting is over."""
        self.line.seats |= dict.fromkeys(people, LOUNGE)
        self.order("join", voice_channel=LOUNGE)
        await self.until(lambda: self.told("I am in"))
        call = self.worker.calls.of(GUILD)
        assert call
        await self.until(lambda: self.greeted and not call.floor.speaking)
        return self.link

    def waits_no_longer_than(self, idle_s: float) -> None:
        """From now on, in its call with whoever is there."""
        call = self.worker.calls.of(GUILD)
        assert call
        call.idle = Idle(idle_s, time.monotonic())
        call.idle.people(len(call.link.people), time.monotonic())

    @property
    def greeted(self) -> bool:
        return any(said.startswith("Hello") for said in self.tone.said)

    def told(self, part: str) -> list[str]:
        """What was written so far with these words in it."""
        return [said for said in self.discord.contents() if part in said]

    async def utter(self, user: str, words: str | Exception) -> None:
        """Have somebody say something."""
        self.scribe.words.put_nowait(words)
        loop = asyncio.get_running_loop()
        for frame in [*voice(), *[QUIET] * 20]:
            self.worker.heard(GUILD, user, frame, loop.time())
        await asyncio.sleep(0)


Enter = Callable[..., Any]


@pytest.fixture
def enter(discord: Recorder, tmp_path: Path) -> Enter:
    """Opens a studio; the keywords are settings."""

    @asynccontextmanager
    async def opened(**settings: str) -> AsyncIterator[Studio]:
        app = configured(discord, str(tmp_path), **{"VOICE": "always", **settings})
        studio = Studio(app, discord, tmp_path)
        try:
            yield studio
        finally:
            studio.worker.stop.set()
            await studio.ended

    return opened


Scene = Callable[[Studio], Awaitable[None]]


@pytest.fixture
def play(enter: Enter) -> Callable[..., None]:
    """Runs a scene in a studio."""

    def run(scene: Scene, **settings: str) -> None:
        async def whole() -> None:
            async with enter(**settings) as studio:
                await scene(studio)

        asyncio.run(whole())

    return run


def teach(app: App, question: str, answer: str, space: str = GUILD) -> None:
    """A lesson, as a correction leaves it."""
    id = app.lessons.new_id(space, snowflake())
    app.lessons.add(space, Lesson(id, question, answer, "", "correction", ADA))
