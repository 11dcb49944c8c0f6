"""The whole thing: the stand-in Discord, the bot's server, the voice worker as a child, people."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playground.bot import Bot, environment, free_port
from playground.discord.person import Person
from playground.discord.server import Server
from playground.voice.client.ears import joined
from playground.voice.speaker import VoicePerson
from playground.voice.speech import speech
from tests.voice.listener import understood
from voice_worker.audio import HEARD_HZ

PATIENCE_S = 120.0
WORKER = f"{sys.executable} -m tests.voice.flite_worker"
PAUSE_S = "1.0"
"""Silence that ends what an actor says: a loaded machine makes pauses in the middle of a word."""
GREETING = 90
"""Frames, not all, of what it says of itself when it comes; the rest follows without a pause."""
Json = dict[str, Any]


class Actor:
    """One human: at the keyboard, and in the voice channel."""

    def __init__(self, theatre: "Theatre", name: str, guild: str | None = None) -> None:
        self.theatre = theatre
        self.typing = Person(theatre.server.address, name, guild=guild)
        self.voice = VoicePerson(theatre.server.voice, self.typing.id)

    async def sit(self, channel: str = "") -> None:
        """Enter a voice channel, the lounge of the guild where they type."""
        await self.voice.join(channel or self.theatre.lounge(self.typing.channel))

    async def call(self, **options: Any) -> Json:
        """/join; the reply once it tells what became of it."""
        return await self.command(
            "join", lambda said: said.startswith(("🎧 I am in", "⚠️")), **options
        )

    async def command(self, name: str, settled: Callable[[str], bool], **options: Any) -> Json:
        """Use a command; its reply once it is settled."""
        outcome = await asyncio.to_thread(self.typing.slash, name, **options)
        id = outcome.message["id"]
        return await self.reads(lambda m: m["id"] == id and settled(m["content"]))

    async def reads(self, wanted: Callable[[Json], bool], timeout_s: float = PATIENCE_S) -> Json:
        """The first message that fits."""
        return await asyncio.to_thread(self.typing.wait_for, wanted, timeout_s=timeout_s)

    async def press(self, message: Json, label: str) -> Json:
        """Press a button; its reply."""
        outcome = await asyncio.to_thread(self.typing.press, message, label)
        return await asyncio.to_thread(self.typing.answer_to, outcome, timeout_s=PATIENCE_S)

    async def lets_hear(self, joined: Json) -> None:
        """Press “Listen to me” and wait until the worker knows."""
        said = await self.press(joined, "Listen to me")
        assert "I hear you" in said["content"], said["content"]
        await self.theatre.orders_done()

    async def teaches(self, question: str, answer: str) -> None:
        """Ask, press “Correct this answer”, fill in what is right."""
        asked = await self.command("ask", lambda said: said.startswith("> "), question=question)
        form = await asyncio.to_thread(self.typing.press, asked, "Correct this answer")
        corrected = await asyncio.to_thread(self.typing.submit, form, better=answer)
        await asyncio.to_thread(self.typing.answer_to, corrected, timeout_s=PATIENCE_S)

    async def leaves(self) -> None:
        """Send the bot out."""
        await self.command("leave", lambda said: "I left" in said or "no voice channel" in said)

    async def greeted(self) -> None:
        """Hear the whole of its greeting; who sat there before it came."""
        await self.hears(GREETING)
        await self.voice.quiet(self.theatre.bot_id, 1.0)

    async def hears(self, frames: int) -> None:
        """Until so many frames of the bot came since they entered, silence left out."""
        await self.voice.wait_heard(self.theatre.bot_id, frames, PATIENCE_S)

    async def asks(self, words: str) -> Json:
        """Say something; what is written of it and its answer."""
        seen = self.latest()
        await self.voice.say(speech(words))
        return await self.reads(lambda m: m["id"] > seen and self.wrote(m))

    def wrote(self, message: Json) -> bool:
        """Whether a message is about what they said."""
        names = (f"🎙️ {self.typing.name.title()}:", f"🎙️ <@{self.typing.id}>:")
        return any(name in message["content"] for name in names)

    def latest(self) -> str:
        """Id of the latest message they see."""
        return str(max((m["id"] for m in self.typing.messages()), default=""))

    def packets(self) -> int:
        """How many packets of the bot came, silence and all."""
        return len(self.voice.heard.get(self.theatre.bot_id, []))

    def heard(self, sayings: Iterable[str], since: int = 0) -> str:
        """Which of these the bot said to them, after the first `since` of its packets."""
        packets = self.voice.heard[self.theatre.bot_id][since:]
        return understood(joined(packets, HEARD_HZ), sayings)

    def frames(self) -> int:
        """How many frames of the bot came, silence left out."""
        return len(self.voice.voiced(self.theatre.bot_id))


class Theatre:
    """Use as a context manager. `settings`: the bot's, over those of the playground."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self._stack = ExitStack()
        self.actors: list[Actor] = []

    def __enter__(self) -> "Theatre":
        self.server = self._stack.enter_context(Server(self.folder / "world", voice=True))
        env = environment(self.server, self.folder / "bot", free_port())
        env |= {"VOICE_HEALTH_PORT": "0", "VOICE_COMMAND": WORKER, "ENDPOINT_S": PAUSE_S}
        env |= self._settings
        bot = self._stack.enter_context(Bot(env))
        self.server.parts.desk.url = bot.url
        assert bot.wait_until_up()
        self.bot_id = str(self.server.parts.world.application["bot"]["id"])
        self.env = env
        self._registered()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def actor(self, name: str = "vera", guild: str | None = None) -> Actor:
        """Somebody."""
        found = Actor(self, name, guild)
        self.actors.append(found)
        return found

    def lounge(self, channel: str) -> str:
        """The first voice channel of the guild that has this channel."""
        channels = self.server.parts.world.channels
        guild = channels[channel]["guild_id"]
        found = [c for c in channels.values() if c.get("guild_id") == guild and c["type"] == 2]
        return str(min(found, key=lambda c: c["position"])["id"])

    @property
    def worker(self) -> int:
        """The voice worker's process id; 0: none runs."""
        from protege.storage.embedded import SqliteRecords

        records = SqliteRecords(self.folder / "bot" / "records.sqlite")
        found = next(iter(records.find("voice-worker")), None)
        name = str(found.fields.get("worker", "")) if found else ""
        running = found is not None and found.fields["state"] == "running"
        return int(name.rsplit("-", 2)[1]) if name and running else 0

    def play(self, scene: Callable[[], Awaitable[None]]) -> None:
        """Run a scene; everybody leaves at its end."""

        async def whole() -> None:
            try:
                await scene()
            finally:
                await asyncio.gather(*(actor.voice.leave() for actor in self.actors))
                self.actors.clear()

        asyncio.run(whole())

    async def orders_done(self) -> None:
        """Until the worker has done all it was asked for."""
        await self.until(lambda: not self._waiting())

    async def until(self, met: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
        """Wait for something that tells nobody when it happens."""
        async with asyncio.timeout(patience_s):
            while not await asyncio.to_thread(met):
                await asyncio.sleep(0.05)

    def _waiting(self) -> list[Any]:
        from protege.storage.embedded import SqliteQueue

        path = self.folder / "bot" / "queue.sqlite"
        voice = SqliteQueue(path, name="voice", fifo=True)
        return [entry for entry in voice.journal() if entry.state in ("waiting", "held")]

    def _registered(self) -> None:
        ends = time.monotonic() + PATIENCE_S
        person = Person(self.server.address)
        while not any(command["name"] == "join" for command in person.commands()):
            assert time.monotonic() < ends, "the bot has not registered its commands"
            time.sleep(0.2)
