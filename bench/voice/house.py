"""The stand-in Discord with ten guilds and people in them, all on the stand-in's own loop."""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

from playground.bot import environment, free_port
from playground.discord import seed
from playground.discord.server import Server
from playground.voice.speaker import VoicePerson

GUILDS = 10
PATIENCE_S = 60.0
POLL_S = 0.02
T = TypeVar("T")


class Place(NamedTuple):
    """A guild with the channels that we use. `text`: where transcripts go."""

    guild: str
    voice: str
    text: str


class House:
    """Use as a context manager. `places`: as many as there are people; `bot`: the bot's user id."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="bench-voice-")))
        self.server = Server(self.folder / "discord", voice=True)
        world = self.server.parts.world
        self.bot = str(world.bot["id"])
        everybody = list(world.users.values())
        for number in range(GUILDS):
            person = seed.user(world.ids.next(), f"person{number}", f"Person {number}")
            world.users[person["id"]] = person
            everybody.append(person)
        people = [user for user in everybody if not user.get("bot")]
        self.users = [str(user["id"]) for user in people[-GUILDS:]]
        self.places = [self._place(people) for _ in range(GUILDS)]

    def _place(self, people: list[dict[str, Any]]) -> Place:
        world = self.server.parts.world
        guild = seed.guild(world.ids, seed.GUILDS[0][0], "en-US", people, self.bot)
        world.guilds[guild["id"]] = guild
        text, *_ = seed.channels(world.ids, guild, self.bot)
        voice, *_ = seed.voice_channels(world.ids, guild, self.bot)
        for channel in (text, voice):
            world.channels[channel["id"]] = channel
        return Place(guild["id"], voice["id"], text["id"])

    def __enter__(self) -> "House":
        self._stack.enter_context(self.server)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def environment(self, name: str, **settings: str) -> dict[str, str]:
        """Of a bot that keeps its things in a folder of that name, which begins empty."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        env = {**os.environ, **environment(self.server, folder, free_port())}
        free = {"RATE_PERSON": "0", "RATE_GUILD": "0"}  # one speaker asks more than people do
        return {**env, **free, "VOICE": "always", "VOICE_HEALTH_PORT": "0", **settings}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something where the people live."""
        return self.server.voice.do(work)

    @contextmanager
    def people(self, count: int = 1) -> Iterator[list[VoicePerson]]:
        """So many people in the voice channel of the first guild."""
        with self._seated({user: self.places[0] for user in self.users[:count]}) as found:
            yield found

    @contextmanager
    def others(self) -> Iterator[list[VoicePerson]]:
        """A person in each of the other guilds."""
        seats = dict(zip(self.users[1:], self.places[1:], strict=True))
        with self._seated(seats) as found:
            yield found

    @contextmanager
    def _seated(self, seats: dict[str, Place]) -> Iterator[list[VoicePerson]]:
        found = {user: VoicePerson(self.server.voice, user) for user in seats}
        try:
            for user, person in found.items():
                self.do(person.join(seats[user].voice))
            yield list(found.values())
        finally:
            for person in found.values():
                self.do(person.leave())

    def until(self, met: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
        """Wait for something that tells nobody when it happens. Raises TimeoutError."""

        async def wait() -> None:
            async with asyncio.timeout(patience_s):
                while not met():
                    await asyncio.sleep(POLL_S)

        self.do(wait())
