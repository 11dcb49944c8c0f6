"""One speech: its text comes in pieces, its sentences are made ahead, its frames are played."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import NamedTuple, Protocol

from voice_worker.audio import Played, Source
from voice_worker.sentences import Names, Sentences, rest_is_written
from voice_worker.speaking.maker import Maker
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.playout import Playout
from voice_worker.speaking.speaker import Speaker


class Player(Protocol):
    """Where a speech is heard: a `Link` of the line."""

    guild: str

    async def play(self, source: Source) -> Played:
        """Play to the end, or until `stop`."""

    def stop(self) -> None:
        """Be silent; from any thread."""


class Said(NamedTuple):
    """What became of a speech."""

    spoken: str
    """What was heard, about to the word: the sentences as they were written."""
    whole: bool
    """Whether all of it was."""
    failed: int = 0
    """Sentences that the engine could not speak."""
    shortened: bool = False
    """Whether it was too long, and ended with a word that the rest is in the channel."""
    began: float = 0.0
    """When, of time.monotonic, it was first heard; 0: never."""


class Speech:
    """To be made on the event loop and run once."""

    def __init__(
        self, player: Player, speaker: Speaker, manner: Manner, most: int, names: Names
    ) -> None:
        """`most`: letters to be spoken, about; 0: all."""
        self._player = player
        self._loop = asyncio.get_running_loop()
        self._playout = Playout()
        self._begun = asyncio.Event()
        self._maker = Maker(speaker, manner, player.guild, self._playout, self._told, names)
        self._reading: asyncio.Future[None] = self._loop.create_future()
        self._language = manner.language
        self._most = most
        self._letters = 0
        self._shortened = False
        self._hushed = False

    def hush(self) -> None:
        """Be silent at once, and read no further. From any thread."""
        self._hushed = True
        self._playout.cut()
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._stop_reading)

    async def run(self, pieces: AsyncIterator[str]) -> Said:
        """Raises what the engine or the text's source failed with, where nothing could be said."""
        self._maker.start()
        self._reading = asyncio.create_task(self._read(pieces))
        try:
            await self._begun.wait()
            played = await self._play()
        except BaseException:
            self._player.stop()
            raise
        finally:
            self._playout.cut()
            self._stop_reading()
            await asyncio.wait([self._reading])
        return self._outcome(played)

    async def _play(self) -> Played:
        if self._playout.empty:
            return Played(0, True)
        return await self._player.play(self._playout)

    def _outcome(self, played: Played) -> Said:
        reading, maker = self._reading, self._maker
        lost = None if reading.cancelled() else reading.exception()
        said = self._playout.said()
        if error := lost or (None if said else maker.error):
            raise error
        lacks = self._hushed or reading.cancelled() or maker.failed or self._shortened
        whole = played.whole and not lacks
        return Said(said, whole, maker.failed, self._shortened, self._playout.began)

    async def _read(self, pieces: AsyncIterator[str]) -> None:
        sentences = Sentences()
        try:
            async for piece in pieces:
                self._add(sentences.push(piece))
            self._add(sentences.end())
        finally:
            self._maker.finish()

    def _add(self, sentences: list[str]) -> None:
        for sentence in sentences:
            if self._shortened:  # read on all the same: the channel gets all of it
                return
            if self._most and self._letters and self._letters + len(sentence) > self._most:
                self._shortened = True
                sentence = rest_is_written(self._language)
            self._letters += len(sentence)
            self._maker.add(sentence)

    def _told(self) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._begun.set)

    def _stop_reading(self) -> None:
        self._begun.set()
        self._reading.cancel()
