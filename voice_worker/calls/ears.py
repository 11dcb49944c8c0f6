"""What is heard in one call: each speaker's utterances, on their way to words."""

import asyncio
import itertools
from collections.abc import Callable
from typing import NamedTuple, Protocol

from protege.errors import BotError
from voice_worker.listening.scribe import Scribe
from voice_worker.listening.utterances import Began, Ended, Event, More, Utterances
from voice_worker.tasks import Tasks

AT_ONCE = 8
"""Utterances of one call on their way; more people at once nobody follows."""
_ids = itertools.count(1)


class Heard(NamedTuple):
    """What somebody said. `ended_at`: when they stopped, seconds of the loop's clock; `pcm`: the
    sound (16 kHz mono s16le) where it is to be kept."""

    user: str
    text: str
    ended_at: float
    seconds: float
    pcm: bytes = b""


class Listener(Protocol):
    """Who is told."""

    def began(self, user: str, at: float) -> None:
        """Somebody speaks."""

    def ended(self, user: str, at: float) -> None:
        """They stopped."""

    def understood(self, heard: Heard) -> None:
        """What it was; without text where there were no words."""

    def failed(self, user: str, error: BotError) -> None:
        """It cannot be known."""

    def gone(self, user: str) -> None:
        """They are heard no longer."""


class Hearing(NamedTuple):
    """How to listen now: the language (a locale), sentences that are likely, whether to keep the
    sound."""

    language: str
    hints: tuple[str, ...] = ()
    keep: bool = False


class _Utterance:
    """One of them. Sound waits here until the scribe expects it. `user` becomes empty where its
    words are wanted no longer."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.id = f"u{next(_ids)}"
        self.sound: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.kept = bytearray()
        self.end = Ended(0.0, 0.0, "silence")


class Ears:
    """For the thread of one loop. `fresh` makes a speaker's own `Utterances`."""

    def __init__(
        self,
        scribe: Scribe,
        listener: Listener,
        fresh: Callable[[], Utterances],
        how: Callable[[], Hearing],
    ) -> None:
        self._scribe = scribe
        self._listener = listener
        self._fresh = fresh
        self._how = how
        self._speakers: dict[str, Utterances] = {}
        self._open: dict[str, _Utterance] = {}
        self._under_way: set[_Utterance] = set()
        self._tasks = Tasks()

    def frame(self, user: str, pcm: bytes, at: float) -> None:
        """20 ms of somebody (16 kHz mono s16le) that came at `at`."""
        speaker = self._speakers.get(user)
        if speaker is None:
            speaker = self._speakers[user] = self._fresh()
        for event in speaker.push(pcm, at):
            self._event(user, event)

    def tick(self, now: float) -> None:
        """Time passes: where no sound comes any more, an utterance is over."""
        for user, speaker in self._speakers.items():
            for event in speaker.tick(now):
                self._event(user, event)

    def only(self, heard: Callable[[str], bool]) -> None:
        """Hear nobody else any longer: what they were saying is dropped."""
        for user in [user for user in self._speakers if not heard(user)]:
            del self._speakers[user]
            self._open.pop(user, None)
            for utterance in self._under_way:
                if utterance.user == user:
                    utterance.user = ""
                    utterance.sound.put_nowait(None)
            self._listener.gone(user)

    async def close(self) -> None:
        """Hear nothing more."""
        self.only(lambda user: False)
        await self._tasks.end()

    def _event(self, user: str, event: Event) -> None:
        match event:
            case Began(at, pcm):
                self._begin(user, at, pcm)
            case More(pcm) if user in self._open:
                self._open[user].sound.put_nowait(pcm)
            case Ended() if user in self._open:
                utterance = self._open.pop(user)
                utterance.end = event
                utterance.sound.put_nowait(None)
                self._listener.ended(user, event.at)

    def _begin(self, user: str, at: float, pcm: bytes) -> None:
        self._listener.began(user, at)
        if len(self._under_way) >= AT_ONCE:
            return
        utterance = self._open[user] = _Utterance(user)
        self._under_way.add(utterance)
        utterance.sound.put_nowait(pcm)
        self._tasks.start("utterance", self._follow(utterance))

    async def _follow(self, utterance: _Utterance) -> None:
        try:
            text = await self._words(utterance)
        except BotError as error:
            if utterance.user:
                self._listener.failed(utterance.user, error)
            return
        finally:
            self._under_way.discard(utterance)
            self._scribe.drop(utterance.id)
        if utterance.user:  # they may have left meanwhile, or taken back that they be heard
            end = utterance.end
            pcm = bytes(utterance.kept)
            self._listener.understood(Heard(utterance.user, text, end.at, end.seconds, pcm))

    async def _words(self, utterance: _Utterance) -> str:
        how = self._how()
        await self._scribe.begin(utterance.id, how.language, how.hints)
        while (pcm := await utterance.sound.get()) is not None:
            self._scribe.feed(utterance.id, pcm)
            if how.keep:
                utterance.kept += pcm
        return (await self._scribe.end(utterance.id)).strip() if utterance.user else ""
