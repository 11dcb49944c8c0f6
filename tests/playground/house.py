"""The voice side alone, with people in it."""

import array
import asyncio
import math
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import fields
from typing import Any

import pytest

from playground.discord.server import Server
from playground.voice.opus import SILENCE
from playground.voice.rooms import Rooms, Settings
from playground.voice.speaker import VoicePerson

LONGEST_S = 240.0
PATIENCE_S = 60.0
FRAMES = 30
LENGTH_S = FRAMES * 0.02


class House:
    """`channel`, `other`: ids of voice channels that everybody may enter."""

    def __init__(self, server: Server) -> None:
        self.world, self.journal = server.parts.world, server.parts.journal
        self.voice = server.voice
        self.rooms: Rooms = self.voice.rooms
        self.states = self.voice.states
        self.people: list[VoicePerson] = []
        rooms = {c["name"]: c for c in self.world.channels.values()}
        self.channel, self.guild = rooms["Lounge"]["id"], rooms["Lounge"]["guild_id"]
        self.other = rooms["Booth"]["id"]
        self.world.channels[self.other] = {**rooms["Booth"], "user_limit": 0}

    def id(self, name: str) -> str:
        """The id of a user by name."""
        return next(u["id"] for u in self.world.users.values() if u["username"] == name)

    def person(self, name: str, **more: Any) -> VoicePerson:
        """Somebody; leaves when the test ends."""
        self.people.append(VoicePerson(self.voice, self.id(name), **more))
        return self.people[-1]

    async def enter(self, name: str, **more: Any) -> VoicePerson:
        """Somebody in the channel; leaves when the test ends."""
        person = self.person(name, **more)
        await person.join(self.channel)
        return person

    async def together(self, *people: VoicePerson) -> None:
        """Wait until these share one encrypted group."""
        channel, wanted = people[0].line.seat.channel, {person.user for person in people}
        await self.until(
            lambda: set(self.rooms.group(channel)) == wanted and self.rooms.secure(channel)
        )

    async def broken(self, rule: str) -> None:
        """Wait until a rule was written down as broken."""
        await self.until(lambda: any(rule in text for text in self.rooms.violations))

    async def until(self, come: Callable[[], bool]) -> None:
        """Wait for something that nobody tells."""
        async with asyncio.timeout(PATIENCE_S):
            while not come():
                await asyncio.sleep(0.01)

    def run(self, scene: Coroutine[Any, Any, None]) -> None:
        """Play a scene, then let everybody leave."""

        async def play() -> None:
            async with asyncio.timeout(LONGEST_S):
                try:
                    await scene
                finally:
                    for person in self.people:
                        await person.leave()

        asyncio.run(play())


def patient(rooms: Rooms) -> None:
    """Let clients take the time that a loaded machine needs; tests of these rules set their own."""
    rooms.ready_s = rooms.key_package_s = rooms.commit_s = PATIENCE_S


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A stand-in with its voice side, for all tests of a file."""
    with Server(tmp_path_factory.mktemp("discord"), voice=True) as server:
        yield server


@pytest.fixture
def house(building: Server) -> Iterator[House]:
    """The stand-in's voice side as on the first day."""
    found = House(building)
    patient(found.rooms)
    yield found
    for setting in fields(Settings):
        setattr(found.rooms, setting.name, setting.default)
    for user in list(found.world.users):
        found.rooms.delay(user, 0)
    found.rooms.stats.clear()
    found.rooms.forgive()
    found.journal.forgive()


def tone(hz: float, seconds: float) -> bytes:
    """A sound to send: 48 kHz mono s16le."""
    samples = (
        int(9000 * math.sin(2 * math.pi * hz * n / 48_000)) for n in range(int(48_000 * seconds))
    )
    return array.array("h", samples).tobytes()


def strength(pcm: bytes, hz: float, rate: int) -> float:
    """How much of a frequency is in a sound."""
    samples = array.array("h", pcm)
    turns = [2 * math.pi * hz * n / rate for n in range(len(samples))]
    real = sum(s * math.cos(t) for s, t in zip(samples, turns, strict=True))
    imaginary = sum(s * math.sin(t) for s, t in zip(samples, turns, strict=True))
    return math.hypot(real, imaginary)


async def speak(person: VoicePerson, seconds: float, enough: asyncio.Event) -> int:
    """Somebody speaks for so long, and again until it is enough; how many frames they said."""
    said = 0
    while not said or not enough.is_set():
        await person.say(tone(440, seconds))
        said += round(seconds / 0.02)
    return said


def ends_in_silence(listener: VoicePerson, speaker: VoicePerson) -> bool:
    """Whether the last that was heard of somebody are five frames of silence."""
    return [packet.opus for packet in listener.heard[speaker.user]][-5:] == [SILENCE] * 5


async def heard_whole(listener: VoicePerson, speaker: VoicePerson) -> None:
    """Speech comes whole, encrypted."""
    before = len(listener.voiced(speaker.user))
    await speaker.say(tone(440, LENGTH_S))
    await listener.wait_heard(speaker.user, before + FRAMES)
    await listener.quiet(speaker.user, 0.1)
    assert len(listener.voiced(speaker.user)) == before + FRAMES
    assert listener.plaintext == listener.undecryptable == 0
