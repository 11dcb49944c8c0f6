"""The stand-in with people in voice channels, and what tests ask of page and sound."""

import asyncio
import wave
from collections.abc import Awaitable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from playground.discord.server import Server
from playground.voice.speaker import VoicePerson

HZ = 48_000
FRAME = 1920
PATIENCE_S = 60.0
WORDS = "Good evening, when does the dome open on Sundays?"
"""What the browser's microphone hears, again and again."""


def wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HZ)
        file.writeframes(pcm)
    return path


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
