"""Engines that want the whole utterance at once."""

from collections.abc import Callable, Sequence

from protege.providers.hearing import HEARD_HZ

LEAST = int(0.1 * HEARD_HZ * 2)
"""Bytes; a shorter sound holds no word, and services refuse it."""
Whole = Callable[[bytes], str]


class Gathering:
    """A `hearing.Transcription`: gathers sound and has it recognised at its end."""

    def __init__(self, recognise: Whole) -> None:
        self._recognise = recognise
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> None:
        """Further sound."""
        self._pcm += pcm

    def end(self) -> str:
        """The words. Raises as the engine does."""
        return self._recognise(bytes(self._pcm)).strip() if len(self._pcm) >= LEAST else ""

    def drop(self) -> None:
        """Nobody needs the words."""
        self._pcm.clear()


def base(language: str) -> str:
    """ISO 639-1 code of a locale: `en` of `en-US`."""
    return language.partition("-")[0].lower()


def context(hints: Sequence[str], most: int) -> str:
    """The likeliest hints as a text that shows an engine what to expect; `most` letters."""
    said, left = [], most
    for hint in hints:
        line = " ".join(hint.split())
        left -= len(line) + 1
        if left < 0:
            break
        said.append(line)
    return "\n".join(said)
