"""Speech to text behind one small protocol, whoever does it."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

HEARD_HZ = 16_000
"""Samples a second of all that is recognised: mono, signed 16 bits, little endian."""


class Transcription(Protocol):
    """One utterance being recognised. To be used by one thread at a time."""

    def feed(self, pcm: bytes) -> None:
        """Further sound (16 kHz mono s16le, any length)."""

    def end(self) -> str:
        """The words; empty where there were none. Raises Unavailable, UserError."""

    def drop(self) -> None:
        """Nobody needs the words: forget it, without asking a service. Instead of `end`."""


class Transcriber(Protocol):
    """Recognises speech. Raises Unavailable where the service is down, ConfigError unset."""

    @property
    def model(self) -> str:
        """Id of the model, by which its use is priced; empty where it costs nothing."""

    def begin(self, language: str, hints: Sequence[str] = ()) -> Transcription:
        """Listen to one utterance. `language`: a locale such as `en-US` or `ru`.

        `hints`: sentences that are likely here, such as taught questions, likeliest first.
        """


@runtime_checkable
class FileTranscriber(Protocol):
    """A Transcriber that also takes files as they are."""

    endings: frozenset[str]
    """Of their names, such as `.mp3`."""

    def file(self, name: str, body: bytes, language: str, hints: Sequence[str] = ()) -> str:
        """The words of a sound file. Raises Unavailable, UserError."""
