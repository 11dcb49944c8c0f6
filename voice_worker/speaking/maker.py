"""The thread that turns a speech's sentences into frames, ahead of what is played."""

import queue
import threading
from collections.abc import Callable

from protege.config import ConfigError
from protege.errors import BotError, Unavailable
from protege.journal import note, trouble
from protege.spending import paid_by
from voice_worker.sentences import Names, language_of, spoken
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.playout import Playout
from voice_worker.speaking.speaker import Speaker

PATIENCE = 2
"""After so many sentences in a row that failed the engine counts as down: no more are tried."""


class Maker:
    """Makes one speech. `told` is called from the thread: at the first frame, and at the end."""

    def __init__(
        self,
        speaker: Speaker,
        manner: Manner,
        guild: str,
        playout: Playout,
        told: Callable[[], None],
        names: Names = lambda id: "",
    ) -> None:
        self.failed = 0
        """Sentences that could not be spoken."""
        self.error: BotError | None = None
        """What the last of them failed with."""
        self._speaker = speaker
        self._manner = manner
        self._guild = guild
        self._playout = playout
        self._told = told
        self._names = names
        self._todo: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._in_a_row = 0
        self._thread = threading.Thread(target=self._run, name=f"speech {guild}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def add(self, sentence: str) -> None:
        """A further sentence, as it was written."""
        self._todo.put(sentence)

    def finish(self) -> None:
        """There are no further ones."""
        self._todo.put(None)

    def _run(self) -> None:
        with paid_by(self._guild):
            while (sentence := self._todo.get()) is not None:
                if self._in_a_row < PATIENCE:
                    self._try(sentence)
                else:
                    self.failed += 1
        self._playout.end()
        self._told()

    def _try(self, sentence: str) -> None:
        try:
            self._make(sentence)
            self._in_a_row = 0
        except Exception as error:  # whatever it is: what is listened to must come to an end
            self.failed += 1
            self._in_a_row += 1
            self.error = self._told_as(error)

    def _told_as(self, error: Exception) -> BotError:
        """What the caller can deal with; the rest is for who reads the log."""
        if isinstance(error, BotError):
            note("sentence not spoken", guild=self._guild, why=type(error).__name__)
            return error
        if isinstance(error, ConfigError):  # it holds names of settings and programs only
            note("sentence not spoken", guild=self._guild, why=str(error))
            return Unavailable(str(error))
        trouble("sentence not spoken", error, guild=self._guild)
        return Unavailable("the speech engine broke down")

    def _make(self, sentence: str) -> None:
        language = language_of(sentence, self._manner.language)
        text = spoken(sentence, language, self._names)
        self._playout.mark(sentence, silent=not text)
        if not text:
            return
        frames = self._speaker.frames(text, self._manner._replace(language=language))
        for n, frame in enumerate(frames):
            if not self._playout.put(frame):
                return
            if n == 0:
                self._told()
