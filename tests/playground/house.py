"""The voice side alone, with people in it."""

import array
import asyncio
import math
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.discord.server import Server
from playground.voice.rooms import Rooms
from playground.voice.speaker import VoicePerson

LONGEST_S = 60.0


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

    def id(self, name: str) -> str:
        """The id of a user by name."""
        return next(u["id"] for u in self.world.users.values() if u["username"] == name)

    def person(self, name: str) -> VoicePerson:
        """Somebody; leaves when the test ends."""
        self.people.append(VoicePerson(self.voice, self.id(name)))
        return self.people[-1]

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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A stand-in with its voice side."""
    with Server(tmp_path / "discord", voice=True) as server:
        yield House(server)


def tone(hz: float, seconds: float) -> bytes:
    """A sound to send: 48 kHz mono s16le."""
    samples = (
        int(9000 * math.sin(2 * math.pi * hz * n / 48_000)) for n in range(int(48_000 * seconds))
    )
    return array.array("h", samples).tobytes()
