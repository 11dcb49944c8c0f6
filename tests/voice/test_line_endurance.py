"""Hour after hour nothing is left behind, and no thread stands in another's way."""

import asyncio
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.exchange import Exchange, Tune, exchange, tone
from voice_worker.line import Link

pytestmark = pytest.mark.real
TIMES = 50


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


def _no_more_than(before: tuple[int, int, int]) -> bool:
    return all(now <= then for now, then in zip(_held(), before, strict=True))


def _held() -> tuple[int, int, int]:
    """Open files, threads and tasks of this process."""
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a Path would hold the folder open
    return files, threading.active_count(), len(asyncio.all_tasks())


def test_joining_and_leaving_leaves_no_socket_thread_or_task_behind(house: Exchange) -> None:
    async def once(house: Exchange) -> None:
        link = await house.joined()
        assert link.connected
        await house.line.leave(house.guild)

    async def scene(house: Exchange) -> None:
        await house.person("vera")
        await once(house)
        await house.until(lambda: len(house.rooms.members(house.lounge)) == 1)
        before = _held()
        for _ in range(TIMES):
            await once(house)
        await house.until(lambda: _no_more_than(before))
        assert [told[2] for told in house.diary.told] == ["asked"] * (TIMES + 1)

    house.play(scene)
    # At this pace the others commit to somebody who is already gone: theirs are not looked at.
    assert [wrong for wrong in house.violations if wrong.startswith("Protégé")] == []


async def reconnected(house: Exchange, link: Link, code: int) -> None:
    seen = link.stats["connections"]
    house.rooms.close(house.bot, code)
    await house.until(lambda: link.stats["connections"] > seen)


def test_rejoining_leaves_no_socket_or_thread_behind(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        before = _held()
        for code in (4006, 4015, 4006, 4015):
            await reconnected(house, link, code)
        await house.until(lambda: link.secure)
        await house.heard_by(vera, link)
        await house.until(lambda: _no_more_than(before))

    house.play(scene)


def test_the_whole_line_closes_within_three_seconds_while_it_speaks(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        playing = asyncio.create_task(link.play(Tune(500)))
        await vera.wait_heard(house.bot, 5)
        async with asyncio.timeout(3):
            await house.line.close()
        assert not (await playing).whole
        assert house.diary.told == [("left", house.guild, "asked")]
        await house.until(lambda: house.voice.states.of(house.bot) is None)
        ours = ("ears", "playing")
        await house.until(lambda: not any(t.name.startswith(ours) for t in threading.enumerate()))

    house.play(scene)


def test_stop_may_be_called_from_many_threads_at_any_time(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        done = threading.Event()

        def nag(link: Link) -> None:
            while not done.wait(0.003):
                link.stop()

        naggers = [asyncio.create_task(asyncio.to_thread(nag, link)) for _ in range(4)]
        for _ in range(5):
            played = await link.play(Tune(500))
            assert not played.whole
        done.set()
        await asyncio.gather(*naggers)
        await house.heard_by(vera, link)

    house.play(scene)
    assert house.violations == []


def test_people_hear_each_other_while_the_bot_speaks_and_listens_at_once(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        max = await house.person("max")
        await house.grouped(vera.user, max.user, house.bot)
        await asyncio.gather(link.play(Tune(100)), vera.say(tone(2.0)), max.say(tone(2.0, 600)))
        await asyncio.gather(*(p.wait_heard(house.bot, 100) for p in (vera, max)))
        heard = house.diary.pcm
        await house.until(lambda: min(len(heard[p.user]) for p in (vera, max)) >= 100)

    house.play(scene)
    assert house.violations == []
