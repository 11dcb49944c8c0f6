"""The bot in one guild's voice channel, as the rest of the worker sees it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping

from voice_worker.audio import Played, Source
from voice_worker.line.playing import Playing
from voice_worker.line.session import Session
from voice_worker.line.way import OpenWay


class Link:
    """One guild's. `play` from the loop; `stop`, `playing` and `listen_to` from any thread."""

    def __init__(self, guild: str, channel: str) -> None:
        self.guild, self.channel = guild, channel
        self.people: frozenset[str] = frozenset()
        """Who sits in the channel, bots left out."""
        self.counts: Counter[str] = Counter()
        self.way = OpenWay(self.counts)
        self._listens: frozenset[str] | None = frozenset()
        self._turn = asyncio.Lock()
        self._playing: Playing | None = None
        self._gone = False

    @property
    def connected(self) -> bool:
        """Whether the voice connection stands."""
        return self.way.connected

    @property
    def secure(self) -> bool:
        """Whether the group is ready, or nobody is there to encrypt for."""
        return self.way.secure

    @property
    def playing(self) -> bool:
        playing = self._playing
        return playing is not None and playing.is_alive()

    @property
    def stats(self) -> Mapping[str, int]:
        """Counts since the link began. Frames: sent, received, lost, concealed, late, broken,
        undecryptable, unsealed (not for us), unknown (nobody's), unwanted (not listened to),
        plaintext_refused (held back), unheard (played to nobody), unsent. Events: connections
        (resumed ones too), rejoins, guessed (speakers by their key), errors.
        """
        return dict(self.counts)

    def listen_to(self, users: frozenset[str] | None) -> None:
        """Whom to hear; None: everybody. Frames of others are dropped before they are decoded."""
        self._listens = users

    def wanted(self, user: str) -> bool:
        """Whether `user` is listened to."""
        listens = self._listens
        return listens is None or user in listens

    async def play(self, source: Source) -> Played:
        """Play `source` to its end, or until `stop`; one at a time, a second call waits. While
        others are there it waits for the keys, at most 30 s; it waits likewise for a connection
        that was lost, then goes on. Cancelling stops it.
        """
        async with self._turn:
            if self._gone:
                return Played(0, whole=False)
            done: asyncio.Future[Played] = asyncio.get_running_loop().create_future()
            playing = self._playing = Playing(source, self.way, _teller(done))
            await self._speak(True)
            playing.start()
            try:
                return await asyncio.shield(done)
            finally:
                playing.stop()
                await asyncio.shield(self._ended(done))

    async def _ended(self, done: asyncio.Future[Played]) -> None:
        await done
        self._playing = None
        await self._speak(False)

    def stop(self) -> None:
        """Silence, at once: no speech leaves after this returns (five frames of silence do). What
        waits its turn in `play` comes next.
        """
        playing = self._playing
        if playing is not None:
            playing.stop()

    def take(self, session: Session | None) -> None:
        """There is a new session, or none for now. On the loop."""
        self.way.session = session
        self.way.changed()

    async def _speak(self, speaking: bool) -> None:
        session = self.way.session
        if session is not None and session.up:
            await session.speak(speaking)

    def end(self) -> None:
        """The bot is in no channel any more: nothing is played from now on."""
        self._gone = True
        self.stop()


def _teller(done: asyncio.Future[Played]) -> Callable[[Played], None]:
    loop = done.get_loop()

    def tell(played: Played) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, done, played)

    return tell


def _settle(done: asyncio.Future[Played], played: Played) -> None:
    if not done.done():
        done.set_result(played)
