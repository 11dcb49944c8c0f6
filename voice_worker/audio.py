"""The sound that our parts hand each other."""

from typing import NamedTuple, Protocol

FRAME_S = 0.02
"""Length of every frame, in and out."""
HEARD_HZ = 16_000
HEARD_FRAME = 640
"""Bytes of one heard frame: 16 kHz, mono, signed 16 bits, little endian."""
SPOKEN_HZ = 48_000
SPOKEN_FRAME = 1920
"""Bytes of one spoken frame: 48 kHz, mono, signed 16 bits, little endian."""
SILENCE = b"\xf8\xff\xfe"
"""An opus frame of silence, which is never encrypted end to end.
Source: https://docs.discord.com/developers/topics/voice-connections#voice-data-interpolation
"""


class Source(Protocol):
    """What is played: opus frames of 20 ms, pulled by the thread that sends them."""

    def read(self) -> bytes | None:
        """The next frame; b"" where there is none yet (the line sends silence meanwhile), None at
        the end. Must not block.
        """


class Played(NamedTuple):
    """What became of a source. `frames`: how many of its frames left; `whole`: up to its end."""

    frames: int
    whole: bool
