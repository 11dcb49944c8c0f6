"""A worker that is called and sent away again and again, in the middle of whatever it does, holds
no more than before.
"""

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playground.voice.speaker import VoicePerson
from protege.app import App
from protege.voice.orders import Order
from tests.person import CHANNEL, configured, snowflake
from tests.recorder import Recorder
from tests.voice.conftest import Tone, teach
from tests.voice.exchange import Exchange, exchange
from tests.voice.held import Held, held, settled
from tests.voice.stage import QUIET, Dictated, voice
from voice_worker import answering
from voice_worker.line import Line
from voice_worker.speaking import Speaker
from voice_worker.worker import Worker

pytestmark = pytest.mark.real
TIMES = 50
WARM = 10
"""Of these; then everything was used that is going to be: threads of pools, the loaded model."""
POOL = 4
"""Threads for what blocks; each opens the storage's files for itself when it is first used."""
MORE_OBJECTS = 10_000
"""Of 150,000; forty calls have more than that. (The stand-in keeps what it waits for a while.)"""
QUESTION, ANSWER = "When does the dome open?", "The dome opens at nine. Bring a coat."


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


class Visits:
    """The worker over the stand-in, with one person who asks and sends it away."""

    def __init__(self, house: Exchange, app: App, vera: VoicePerson, folder: Path) -> None:
        self.house, self.app, self.vera = house, app, vera
        token = house.world.application["bot_token"]
        self.scribe = Dictated()
        speaker = Speaker(Tone(), folder / "spoken")
        line = lambda events: Line(token, house.server.api, events)  # noqa: E731
        self.worker = Worker(app, self.scribe, speaker, line)  # type: ignore[arg-type]
        self.running = asyncio.create_task(self.worker.run())

    async def one(self, number: int) -> None:
        """It comes; every second time it is asked; it goes while it says hello, or answers."""
        self.order("join", voice_channel=self.house.lounge)
        await self.house.until(self.hears)
        if number % 2:
            await self.ask()
        self.order("leave")
        await self.house.until(lambda: self.worker.line.link(self.house.guild) is None)

    def hears(self) -> bool:
        """Whether it is there and listens."""
        call = self.worker.calls.of(self.house.guild)
        return call is not None and call.known.hears(self.vera.user)

    async def ask(self) -> None:
        """Until it writes the answer."""
        begun = len(self.scribe.begun)
        self.scribe.words.put_nowait(QUESTION)
        for frame in [*voice(), *[QUIET] * 20]:
            now = asyncio.get_running_loop().time()
            self.worker.heard(self.house.guild, self.vera.user, frame, now)
        await self.house.until(lambda: len(self.scribe.begun) > begun)
        await self.house.until(self.scribe.words.empty)

    def order(self, do: str, **more: str) -> None:
        order = Order(do, self.house.guild, user=self.vera.user, channel=CHANNEL, **more)  # type: ignore[arg-type]
        self.app.voice_queue.put(order.body(), group=order.guild, once=snowflake())


def test_coming_and_going_leaves_nothing_behind(
    house: Exchange, discord: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "WRITERS", ThreadPoolExecutor(1))
    app = configured(discord, str(tmp_path), VOICE="always")
    app.consent.give(house.guild, house.id("vera"))
    teach(app, QUESTION, ANSWER, house.guild)

    async def scene() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(POOL))
        vera = VoicePerson(house.voice, house.id("vera"))
        await vera.join(house.lounge)
        visits = Visits(house, app, vera, tmp_path)
        try:
            before, objects = await many(visits)
            await settled(before, TIMES // 4)  # threads of pools keep a connection each
            assert living() - objects < MORE_OBJECTS
        finally:
            visits.worker.stop.set()
            await visits.running
            await vera.leave()

    asyncio.run(scene())
    assert [wrong for wrong in house.rooms.violations if wrong.startswith("Protégé")] == []


def living() -> int:
    """Objects that somebody still holds."""
    gc.collect()
    return len(gc.get_objects())


async def many(visits: Visits) -> tuple[Held, int]:
    """TIMES visits; what was held after the first of them, and how many objects there were."""
    for number in range(TIMES):
        if number == WARM:
            before, objects = held(), living()
        await visits.one(number)
    return before, objects
