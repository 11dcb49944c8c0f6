"""What is said in sound files, and what it costs to find out."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from protege import sounds
from protege.config import ConfigError
from protege.errors import BotError, UserError
from protege.models import Models
from protege.providers import Usage
from protege.providers.hearing import FileTranscriber, Transcriber
from protege.spending import Spending, payer
from protege.text import Text

HEARING = "hearing"
"""`what` was paid for."""
MOST_HINTS = 500
NO_WORDS = Text(
    "I heard no words in “{name}”.",
    "Я не расслышал слов в «{name}».",
)
NOT_HERE = Text(
    "I cannot listen to “{name}” here: {why}. An operator has to look at STT.",
    "Я не могу прослушать «{name}»: {why}. Оператору нужно проверить STT.",
)
HOW_LONG = Text(
    "I cannot tell how long “{name}” is. Send it as ogg, mp3, m4a, wav or flac.",
    "Не могу понять, сколько длится «{name}». Пришлите ogg, mp3, m4a, wav или flac.",
)


class Hearing:
    """`transcriber` is built at its first use; `most_s`: longest file. Without ffmpeg (in a
    function) it still hears what the engine takes as it is."""

    def __init__(
        self, transcriber: Callable[[], Transcriber], most_s: float, spending: Spending
    ) -> None:
        self._build = transcriber
        self._built: Transcriber | None = None
        self._most_s = most_s
        self._spending = spending

    def text(
        self, name: str, body: bytes, language: str, hints: Sequence[str] = (), *, space: str = ""
    ) -> str:
        """The words of a sound file. `space`: who pays; empty: whom `paid_by` names.

        Raises UserError (too long, no sound, no words, no budget, not set up), Unavailable.
        """
        space = space or payer()
        try:
            transcriber = self._transcriber()
            if transcriber.model and space:
                self._spending.check(space)
            words = self._words(transcriber, name, body, (language, hints, space))
        except ConfigError as error:
            raise UserError(NOT_HERE, name=name, why=str(error)) from None
        if not words:
            raise UserError(NO_WORDS, name=name)
        return words

    def heard(self, space: str, model: str, seconds: float) -> None:
        """Note what so much sound cost; of a model that costs nothing, nothing."""
        if model and space:
            self._spending.note(space, HEARING, model, Usage(seconds=round(seconds, 3)))

    def _transcriber(self) -> Transcriber:
        if self._built is None:
            self._built = self._build()
        return self._built

    def _words(
        self, by: Transcriber, name: str, body: bytes, how: tuple[str, Sequence[str], str]
    ) -> str:
        language, hints, space = how
        if isinstance(by, FileTranscriber) and sounds.ending(name) in by.endings:
            seconds = self._seconds(name, body)
            words = by.file(name, body, language, hints)
        else:
            pcm = sounds.samples(name, body, self._most_s)
            seconds = len(pcm) / sounds.WIDTH / sounds.HZ
            words = " ".join(filter(None, _each(by, pcm, language, hints)))
        self.heard(space, by.model, seconds)
        return words.strip()

    def _seconds(self, name: str, body: bytes) -> float:
        """How long a file is that is handed on, and paid for: it is unpacked, as what it says may
        be a lie. Without ffmpeg it is believed."""
        try:
            return len(sounds.samples(name, body, self._most_s)) / sounds.WIDTH / sounds.HZ
        except ConfigError:
            seconds = sounds.length_s(body)
        sounds.check_length(name, seconds, self._most_s)
        if seconds is None:
            raise UserError(HOW_LONG, name=name)
        return seconds


def _each(by: Transcriber, pcm: bytes, language: str, hints: Sequence[str]) -> list[str]:
    found = []
    for piece in sounds.pieces(pcm):
        transcription = by.begin(language, hints)
        transcription.feed(piece)
        found.append(transcription.end().strip())
    return found


def likely(models: Models, space: str) -> tuple[str, ...]:
    """Taught questions, those taught last first: what people are likely to say here."""
    try:
        return tuple(islice(dict.fromkeys(_taught(models, space)), MOST_HINTS))
    except BotError:  # a version by another embedder: then there are none
        return ()


def _taught(models: Models, space: str) -> Iterator[str]:
    taught = models.taught(space)
    for correction in reversed(taught.corrections):
        yield correction.lesson.input
    shelf = taught.model.known.shelf
    for row in islice(shelf.shown(), MOST_HINTS):
        yield shelf.lessons[int(row)].input
