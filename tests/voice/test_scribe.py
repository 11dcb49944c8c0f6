"""The process that recognises speech: it may crash, hang or fall behind, and nothing else does."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from playground.openai import OpenAIServer
from playground.voice.speech import speech
from protege.config import ConfigError
from protege.errors import Unavailable, UserError
from protege.providers.hearing import HEARD_HZ
from voice_worker.listening.scribe import Scribe

P = ParamSpec("P")
JOKE = speech("tell me a joke", hz=HEARD_HZ)
REFUND = "Can I get a refund?"


def in_a_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "DISCORD_PUBLIC_KEY": "0" * 64, **more}


@asynccontextmanager
async def running(env: dict[str, str] | None = None, **more: Any) -> AsyncIterator[Scribe]:
    scribe = Scribe(env or environment(), **more)
    await scribe.start()
    try:
        yield scribe
    finally:
        await scribe.close()


async def hears(scribe: Scribe, id: str, pcm: bytes = JOKE, hints: tuple[str, ...] = ()) -> str:
    await scribe.begin(id, "en-US", hints)
    for start in range(0, len(pcm), 640):
        scribe.feed(id, pcm[start : start + 640])
    return await scribe.end(id)


def processes(scribe: Scribe) -> list[Any]:
    return [ear._process for ear in scribe._ears]


@in_a_loop
async def test_people_who_speak_at_once_are_told_apart() -> None:
    async with running() as scribe:
        refund = speech(REFUND, hz=HEARD_HZ)
        both = await asyncio.gather(
            hears(scribe, "a/1", JOKE), hears(scribe, "b/1", refund, (REFUND, "Tell me a yoke"))
        )
        assert list(both) == ["tell me a joke", REFUND]
        assert scribe.busy == 0 and scribe.model == ""
        assert (scribe.metrics.heard, scribe.metrics.failed, scribe.metrics.starts) == (2, 0, 1)


@in_a_loop
async def test_an_utterance_that_crashes_it_fails_and_the_next_is_heard() -> None:
    async with running() as scribe:
        await scribe.begin("a", "en-US")
        await scribe.begin("b", "en-US")
        scribe.feed("a", JOKE)
        processes(scribe)[0].kill()
        for id in ("a", "b"):
            with pytest.raises(Unavailable):
                await scribe.end(id)
        assert await hears(scribe, "a") == "tell me a joke"
        assert (scribe.metrics.failed, scribe.metrics.starts, scribe.busy) == (2, 2, 0)


@in_a_loop
async def test_one_that_hangs_is_given_up_and_started_again(tmp_path: Path) -> None:
    with OpenAIServer(tmp_path) as server:
        server.faults.add("slow", seconds=20.0)
        env = environment(STT="openai", OPENAI_API_KEY="sk", OPENAI_BASE_URL=server.base_url)
        async with running(env, answer_s=1.0) as scribe:
            with pytest.raises(Unavailable):
                await hears(scribe, "a")
            server.faults.clear()
            assert scribe.model == "gpt-transcribe"
            async with asyncio.timeout(60):
                await scribe.begin("b", "en-US")
            scribe.drop("b")
            assert scribe.metrics.starts == 2


@in_a_loop
async def test_refusals_of_a_service_reach_the_person(tmp_path: Path) -> None:
    with OpenAIServer(tmp_path, key="sk-right") as server:
        env = environment(STT="openai", OPENAI_API_KEY="sk-no", OPENAI_BASE_URL=server.base_url)
        async with running(env) as scribe:
            with pytest.raises(UserError) as refused:
                await hears(scribe, "a")
            assert "ключ" in refused.value.to("ru") and "OPENAI_API_KEY" in refused.value.to("en")


@in_a_loop
async def test_what_nobody_needs_is_dropped() -> None:
    async with running() as scribe:
        await scribe.begin("a", "en-US")
        scribe.feed("a", JOKE)
        scribe.drop("a")
        scribe.feed("a", JOKE)
        scribe.drop("never begun")
        with pytest.raises(KeyError):
            await scribe.end("a")
        assert await hears(scribe, "a") == "tell me a joke"
        assert scribe.metrics.dropped == 1


@in_a_loop
async def test_an_engine_that_lacks_something_is_told_at_the_start() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        async with running(environment(STT="openai")):
            pass


@in_a_loop
async def test_several_processes_share_the_work() -> None:
    async with running(processes=2) as scribe:
        await scribe.begin("a", "en-US")
        await scribe.begin("b", "en-US")
        processes(scribe)[0].kill()
        scribe.feed("b", JOKE)
        assert await scribe.end("b") == "tell me a joke"
        with pytest.raises(Unavailable):
            await scribe.end("a")


@in_a_loop
async def test_closing_leaves_no_process() -> None:
    async with running() as scribe:
        await scribe.begin("a", "en-US")
        [process] = processes(scribe)
    assert process.returncode is not None


@in_a_loop
async def test_the_token_of_the_bot_is_none_of_its_business() -> None:
    async with running(environment(DISCORD_BOT_TOKEN="secret-token")) as scribe:
        [process] = processes(scribe)
        about = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"DISCORD_PUBLIC_KEY" in about and b"secret-token" not in about
