"""The worker's life, end to end: it is started, killed, told to stop, and ends by itself."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.voice.theatre import Theatre

pytestmark = pytest.mark.real


def gone(pid: int) -> bool:
    """Whether the process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_is_started_by_the_first_join_and_ends_when_nobody_needs_it(tmp_path: Path) -> None:
    with Theatre(tmp_path, VOICE_IDLE_S="4") as theatre:
        vera = theatre.actor()

        async def scene() -> None:
            assert theatre.worker == 0
            await vera.sit()
            await vera.call()
            pid = theatre.worker
            assert pid and not gone(pid)
            await vera.reads(lambda m: "nobody spoke for a while" in m["content"])
            await theatre.until(lambda: gone(pid))
            await theatre.until(lambda: theatre.server.voice.states.of(theatre.bot_id) is None)
            await vera.call()
            assert theatre.worker not in (0, pid)

        theatre.play(scene)


def test_sigterm_leaves_the_channels_though_it_is_speaking(tmp_path: Path) -> None:
    with Theatre(tmp_path) as theatre:
        vera = theatre.actor()

        async def scene() -> None:
            await vera.sit()
            await vera.call()
            await vera.greeted()
            heard = vera.frames()
            story = asyncio.create_task(
                vera.command("say", lambda said: True, text="A long story. " * 60)
            )
            await vera.hears(heard + 50)
            pid = theatre.worker
            os.kill(pid, signal.SIGTERM)
            await theatre.until(lambda: gone(pid), patience_s=60.0)  # the story takes longer
            await theatre.until(lambda: theatre.server.voice.states.of(theatre.bot_id) is None)
            await story

        theatre.play(scene)


def test_who_had_something_said_is_told_when_the_worker_is_killed_over_it(tmp_path: Path) -> None:
    with Theatre(tmp_path) as theatre:
        vera = theatre.actor()

        async def scene() -> None:
            await vera.sit()
            await vera.call()
            await vera.greeted()
            heard = vera.frames()
            story = asyncio.get_running_loop().create_task(
                vera.command("say", lambda said: "ask again" in said, text="A long story. " * 20)
            )
            await vera.hears(heard + 50)
            os.kill(theatre.worker, signal.SIGKILL)
            said = await story
            assert said["content"].startswith("> 🔇 A long story.")

        theatre.play(scene)


def test_orders_outlive_a_worker_that_is_killed_and_so_does_the_call(tmp_path: Path) -> None:
    with Theatre(tmp_path) as theatre:
        vera = theatre.actor()

        async def scene() -> None:
            await vera.sit()
            await vera.call()
            await vera.greeted()
            pid = theatre.worker
            os.kill(pid, signal.SIGKILL)
            said = await vera.command(
                "say", lambda said: said.startswith("> 🔊"), text="I am back."
            )
            assert "I am back." in said["content"]
            assert theatre.worker not in (0, pid)

        theatre.play(scene)
        assert theatre.server.voice.rooms.violations == []
