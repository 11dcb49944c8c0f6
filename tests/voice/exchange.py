"""A line over the stand-in Discord, with people in its channels."""

import asyncio
import math
import struct
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from playground.discord.server import Server
from playground.voice.speaker import VoicePerson
from voice_worker.audio import SPOKEN_HZ
from voice_worker.line import Line, Link, Message
from voice_worker.listening.opus import Encoder

LONGEST_S = 90.0
PATIENCE_S = 20.0
Scene = Callable[["Exchange"], Coroutine[Any, Any, None]]


def tone(seconds: float, hz: float = 440.0) -> bytes:
    """48 kHz mono s16le."""
    samples = range(int(seconds * SPOKEN_HZ))
    wave = (int(9000 * math.sin(2 * math.pi * hz * n / SPOKEN_HZ)) for n in samples)
    return b"".join(struct.pack("<h", value) for value in wave)


class Tune:
    """A source of so many frames; `gap`: after so many it has none for a while. `read`: how many
    were taken.
    """

    def __init__(self, frames: int, gap: tuple[int, int] = (0, 0)) -> None:
        encoder, pcm = Encoder(), tone(0.02)
        self._left = [encoder.encode(pcm) for _ in range(frames)]
        self._gap_after, self._gap = gap
        self.taken = 0

    def read(self) -> bytes | None:
        if self._gap and self.taken == self._gap_after:
            self._gap -= 1
            return b""
        if self.taken == len(self._left):
            return None
        self.taken += 1
        return self._left[self.taken - 1]


class Diary:
    """What the line told."""

    def __init__(self) -> None:
        self.pcm: dict[str, list[bytes]] = {}
        self.told: list[tuple[str, ...]] = []
        self.people_seen: list[frozenset[str]] = []
        self.messages: list[Message] = []

    def heard(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        self.pcm.setdefault(user, []).append(pcm)

    async def people(self, guild: str, channel: str, people: frozenset[str]) -> None:
        self.people_seen.append(people)

    async def moved(self, guild: str, channel: str) -> None:
        self.told.append(("moved", guild, channel))

    async def left(self, guild: str, why: str) -> None:
        self.told.append(("left", guild, why))

    async def message(self, message: Message) -> None:
        self.messages.append(message)


class Exchange:
    """`lounge`, `booth`, `stage`: ids of the channels of `guild`; `bot`: the bot's id."""

    def __init__(self, server: Server) -> None:
        self.server, self.voice = server, server.voice
        self.rooms, self.world = server.voice.rooms, server.parts.world
        self.diary = Diary()
        self.line = self.new_line()
        names = {c["name"]: c for c in self.world.channels.values()}
        self.lounge, self.booth = names["Lounge"]["id"], names["Booth"]["id"]
        self.stage, self.general = names["Stage door"]["id"], names["general"]["id"]
        self.guild = names["Lounge"]["guild_id"]
        self.second = names["Гостиная"]["id"], names["Гостиная"]["guild_id"]
        self.bot = self.world.bot["id"]
        self._people: list[VoicePerson] = []
        self.violations: list[str] = []
        """What clients did wrong until the scene ended; nobody had left the channels then."""

    def new_line(self, token: str = "", *, content: bool = False) -> Line:
        token = token or self.world.application["bot_token"]
        return Line(token, self.server.api, self.diary, content=content)

    def id(self, name: str) -> str:
        return next(u["id"] for u in self.world.users.values() if u["username"] == name)

    async def person(self, name: str, channel: str = "") -> VoicePerson:
        """Somebody in a channel, the lounge by default."""
        person = VoicePerson(self.voice, self.id(name))
        self._people.append(person)
        await person.join(channel or self.lounge)
        return person

    async def joined(self, channel: str = "", *, listen: bool = True) -> Link:
        """The bot in a channel, hearing everybody."""
        link = await self.line.join(self.guild, channel or self.lounge)
        link.listen_to(None if listen else frozenset())
        return link

    async def together(self, name: str = "vera") -> tuple[VoicePerson, Link]:
        """Somebody and the bot in the lounge, their group ready."""
        person = await self.person(name)
        link = await self.joined()
        await self.until(lambda: link.secure)
        return person, link

    async def until(self, come: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not come():
                await asyncio.sleep(0.01)

    async def grouped(self, *users: str) -> None:
        """All of them share one encrypted group in the lounge, its keys in force."""
        rooms, lounge = self.rooms, self.lounge
        await self.until(lambda: set(rooms.group(lounge)) == {*users} and rooms.secure(lounge))

    async def hears(self, person: VoicePerson, seconds: float = 0.3) -> None:
        """The bot hears the whole of what they say now."""
        before = len(self.diary.pcm.get(person.user, ()))
        await person.say(tone(seconds))
        whole = before + int(seconds * 50)
        await self.until(lambda: len(self.diary.pcm.get(person.user, ())) >= whole)

    async def heard_by(self, person: VoicePerson, link: Link, frames: int = 15) -> None:
        """They hear the whole of what the bot plays now."""
        before = len(person.voiced(self.bot))
        played = await link.play(Tune(frames))
        assert played == (frames, True)
        await person.wait_heard(self.bot, before + frames)

    def play(self, scene: Scene) -> None:
        """Run a scene with the line connected; then everybody leaves."""

        async def whole() -> None:
            running = asyncio.create_task(self.line.run())
            try:
                async with asyncio.timeout(LONGEST_S):
                    await self.line.ready.wait()
                    await scene(self)
            finally:
                self.violations = self.rooms.violations
                for person in self._people:
                    await person.leave()
                await self.line.close()
                await running

        asyncio.run(whole())


def exchange(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A generator for a fixture."""
    with Server(folder / "discord", voice=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.voice.ca_file)
        yield Exchange(server)
