"""What speaks in one guild: one speech at a time, in the order they were asked for."""

import asyncio
import threading
from collections.abc import AsyncIterator

from voice_worker.sentences import Names
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.speaker import Speaker
from voice_worker.speaking.speech import Player, Said, Speech


class Mouth:
    """To be made and used on the event loop; only `hush` and `speaking` are for any thread."""

    def __init__(self, link: Player, speaker: Speaker, *, names: Names = lambda id: "") -> None:
        """`names`: what a person is called whom a text mentions by their id; empty: unknown."""
        self._link = link
        self._speaker = speaker
        self._names = names
        self._turn = asyncio.Lock()
        self._hushes = 0
        self._lock = threading.Lock()
        self._speech: Speech | None = None

    @property
    def speaking(self) -> bool:
        """Whether a speech is being made or played."""
        return self._speech is not None

    async def say(self, pieces: AsyncIterator[str], manner: Manner, *, most: int = 0) -> Said:
        """Say a text as it comes, after what is being said already; sentences are spoken while
        later ones are still being written.

        `most`: about as many letters are spoken, then that the rest is in the channel; the text is
        read to its end all the same. 0: all. A sentence that fails is left out. Raises Unavailable
        or UserError where the engine could say nothing at all (write it instead), and what `pieces`
        raises, once what came before is spoken.
        """
        hushes = self._hushes
        async with self._turn:
            speech = Speech(self._link, self._speaker, manner, most, self._names)
            if not self._begin(speech, hushes):
                return Said("", False)
            try:
                return await speech.run(pieces)
            finally:
                self._speech = None

    def hush(self) -> None:
        """Be silent at once and forget what waits. From any thread."""
        with self._lock:
            self._hushes += 1
            speech = self._speech
        if speech:
            speech.hush()
            self._link.stop()

    def _begin(self, speech: Speech, hushes: int) -> bool:
        with self._lock:
            if self._hushes == hushes:
                self._speech = speech
            return self._hushes == hushes
