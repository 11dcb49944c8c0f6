"""A minute without storage, a missing engine, an end at the wrong moment: nobody waits for ever."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from protege.config import ConfigError
from protege.errors import Unavailable
from tests.person import ADA, GUILD
from tests.voice.conftest import LOUNGE, Studio
from tests.voice.stage import written
from tests.voice.test_call import Slow, with_model
from voice_worker.messages import EACH


class Failing:
    """Somebody's method, which fails while `down`."""

    def __init__(self, whose: Any, name: str) -> None:
        self.down, self.failed = True, 0
        self._real = getattr(whose, name)
        setattr(whose, name, self)

    def __call__(self, *about: Any, **more: Any) -> Any:
        if self.down:
            self.failed += 1
            raise Unavailable("down")
        return self._real(*about, **more)


def test_a_worker_that_starts_while_storage_is_down_waits_for_it(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        storage = Failing(studio.app.claims, "take")
        await studio.until(lambda: storage.failed)
        assert not studio.ended.done()
        storage.down = False
        await studio.joined(ADA)

    play(scene, VOICE="on_demand")


def test_a_worker_that_cannot_say_that_it_ends_stays_until_it_can(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        storage = Failing(studio.app.presence, "gone")
        await studio.until(lambda: storage.failed > 1)
        assert studio.app.presence.alive() and not studio.worker.stop.is_set()
        storage.down = False
        assert await studio.ended == "unused"
        assert studio.app.presence.state() == "off"

    play(scene, VOICE="on_demand", VOICE_IDLE_S="1")


def test_a_call_is_left_though_storage_is_down(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        Failing(studio.app.records, "delete")
        studio.waits_no_longer_than(5.0)
        await studio.worker.people(GUILD, LOUNGE, frozenset())
        await studio.until(lambda: studio.line.link(GUILD) is None)
        await studio.until(lambda: studio.told("nobody was there any more"))

    play(scene)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (ConfigError("STT=vosk needs its package: pip install vosk"), "pip install vosk"),
        (Unavailable("the process ended"), "does not answer right now"),
    ],
)
def test_who_waits_is_told_that_the_worker_cannot_begin(
    play: Any, why: Exception, told: str
) -> None:
    async def scene(studio: Studio) -> None:
        async def failing() -> None:
            raise why

        studio.scribe.start = failing  # type: ignore[method-assign]
        studio.order("join", voice_channel=LOUNGE)
        await asyncio.wait({studio.ended})
        assert studio.told(told)
        assert studio.app.presence.state() == "off"
        assert studio.app.voice_queue.receive(wait_s=0, lease_s=5) is None

    with pytest.raises(type(why)):
        play(scene)


def test_it_ends_at_once_though_its_engine_is_still_loading(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        loading = asyncio.Event()

        async def slowly() -> None:
            loading.set()
            await asyncio.Event().wait()

        studio.scribe.start = slowly  # type: ignore[method-assign]
        await loading.wait()
        studio.worker.stop.set()
        async with asyncio.timeout(20):
            assert await studio.ended == "stopped"
        assert studio.app.presence.state() == "off"

    play(scene)


def test_models_that_take_their_time_hold_up_nothing_else(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        model = Slow()
        with_model(studio, model)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(4))
        asked = [
            written(str(1420000000000000001 + n), "hello", mentions_me=True, author=str(100 + n))
            for n in range(EACH)
        ]
        answers = asyncio.gather(*(studio.worker.message(message) for message in asked))
        await studio.until(lambda: len(model.asked) == EACH)
        studio.order("say", text="I still speak.")
        await studio.until(lambda: studio.told("I still speak."))
        model.go_on.release(2000)
        await answers

    play(scene)
