"""espeak-ng: speaks a hundred languages offline, without weights, in a few milliseconds."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import chain

from protege.errors import Unavailable
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.processes import piped
from voice_worker.speaking.resampling import resampled

PROGRAM = "espeak-ng"
HEADER = 44
"""Bytes of the WAV header, which it writes before it knows how long the sound gets."""
HZ_AT = slice(24, 28)
WORDS_PER_MINUTE = 175
"""Its ordinary pace, by its manual."""
VARIANT = re.compile(r"[A-Za-z][A-Za-z0-9]{0,20}").fullmatch
NAMES = {"no": "nb", "zh": "cmn", "en": "en-us", "fr": "fr-fr"}
"""Languages that it calls otherwise than Discord's locales do."""
WHOLE = {"en-GB": "en-gb", "pt-BR": "pt-br", "es-419": "es-419"}
"""Discord's locales that it knows as such, not by their first part alone."""


class Espeak:
    """The offline default."""

    name = "espeak"

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le. `voice`: one of its variants, such as `f3`, `m5` or `whisper`; one
        that it does not have is passed over.
        """
        pace = str(round(WORDS_PER_MINUTE * manner.pace))
        command = (PROGRAM, "-v", voice(manner), "-s", pace, "-b", "1", "--stdin", "--stdout")
        with closing(piped(command, plain(text).encode())) as sound:
            head = _head(sound)
            hz = int.from_bytes(head[HZ_AT], "little")
            yield from resampled(chain([head[HEADER:]], sound), hz)


def voice(manner: Manner) -> str:
    """What it calls a language and a voice."""
    first = manner.language.partition("-")[0]
    language = WHOLE.get(manner.language) or NAMES.get(first, first)
    return f"{language}+{manner.voice}" if VARIANT(manner.voice) else language


def plain(text: str) -> str:
    """The text without what it takes for commands: [[phonemes]], control characters."""
    return "".join(c if c.isprintable() else " " for c in text.replace("[[", "[ ["))


def _head(sound: Iterator[bytes]) -> bytes:
    head = b""
    for piece in sound:
        head += piece
        if len(head) >= HEADER:
            return head
    raise Unavailable(f"{PROGRAM} said nothing")
