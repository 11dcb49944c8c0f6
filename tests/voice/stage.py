"""A line without a network: links that play at once, people who are heard when a test says so."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from voice_worker.audio import HEARD_FRAME, Played, Source
from voice_worker.line import LineError, Message
from voice_worker.worker import Worker

VOICED = 3
"""Frames that begin an utterance."""


class StageLink:
    """Plays faster than in real time, or not at all while it is `held`."""

    def __init__(self, guild: str, channel: str) -> None:
        self.guild, self.channel = guild, channel
        self.people: frozenset[str] = frozenset()
        self.connected = self.secure = True
        self.playing = False
        self.listens: frozenset[str] | None = frozenset()
        self.stats: Counter[str] = Counter()
        self.held = asyncio.Event()
        self.held.set()
        self._stopped = False
        self._turn = asyncio.Lock()

    def listen_to(self, users: frozenset[str] | None) -> None:
        self.listens = users

    async def play(self, source: Source) -> Played:
        async with self._turn:
            self._stopped, sent = False, 0
            self.playing = True
            try:
                while not self._stopped:
                    await self.held.wait()
                    frame = source.read()
                    if frame is None:
                        return Played(sent, True)
                    sent += bool(frame)
                    self.stats["sent"] += bool(frame)
                    await asyncio.sleep(0)
                return Played(sent, False)
            finally:
                self.playing = False

    def stop(self) -> None:
        self._stopped = True


class StageLine:
    """`refuses`: what `join` raises; `seats`: who sits where."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.ready.set()
        self.refuses: LineError | None = None
        self.seats: dict[str, str] = {}
        self.owner: Worker | None = None
        self.closed = asyncio.Event()
        self._links: dict[str, StageLink] = {}

    async def run(self) -> None:
        await self.closed.wait()

    async def close(self) -> None:
        self._links.clear()
        self.closed.set()

    async def join(self, guild: str, channel: str) -> StageLink:
        if self.refuses:
            raise self.refuses
        link = self._links.setdefault(guild, StageLink(guild, channel))
        link.channel = channel
        link.people = frozenset(user for user, seat in self.seats.items() if seat == channel)
        return link

    async def leave(self, guild: str) -> bool:
        return self._links.pop(guild, None) is not None

    def link(self, guild: str) -> StageLink | None:
        return self._links.get(guild)

    def links(self) -> Sequence[StageLink]:
        return list(self._links.values())

    def where(self, guild: str, user: str) -> str:
        return self.seats.get(user, "")

    def name(self, guild: str, user: str) -> str:
        return {"42": "Ada", "43": "Bob"}.get(user, "somebody")

    def locale(self, guild: str) -> str:
        return "en-US"

    latency_s = 0.0


class Dictated:
    """A scribe that writes down what it was told: `words` for one utterance after another."""

    model = ""

    def __init__(self) -> None:
        self.words: asyncio.Queue[str | Exception] = asyncio.Queue()
        self.begun: list[tuple[str, tuple[str, ...]]] = []
        self.fed = 0
        self.dropped: list[str] = []
        self._open: set[str] = set()

    async def start(self) -> None:
        """Ready at once."""

    async def begin(self, id: str, language: str, hints: Sequence[str] = ()) -> None:
        self.begun.append((language, tuple(hints)))
        self._open.add(id)

    def feed(self, id: str, pcm: bytes) -> None:
        self.fed += len(pcm)

    async def end(self, id: str) -> str:
        found = await self.words.get()
        self._open.discard(id)
        if isinstance(found, Exception):
            raise found
        return found

    def drop(self, id: str) -> None:
        if id in self._open:
            self.dropped.append(id)
            self._open.discard(id)

    async def close(self) -> None:
        self._open.clear()


def voice(frames: int = 20) -> list[bytes]:
    """Frames in which somebody speaks: WebRTC's detector takes a loud buzz for a voice."""
    buzz = bytes.fromhex("0020") * 40 + bytes.fromhex("00e0") * 40
    frame = (buzz * (HEARD_FRAME // len(buzz) + 1))[:HEARD_FRAME]
    return [frame] * frames


QUIET = bytes(HEARD_FRAME)


def written(id: str, content: str, **fields: object) -> Message:
    """A message of Ada's in the guild."""
    usual = {
        "id": id,
        "guild": "77",
        "channel": "88",
        "author": "42",
        "content": content,
        "locale": "en-US",
        "mentions_me": False,
        "replies_to_me": False,
        "replied": "",
        "attachments": (),
        "voice": False,
        "roles": (),
        "permissions": 0,
        "author_is_bot": False,
    }
    return Message(**{**usual, **fields})  # type: ignore[arg-type]
