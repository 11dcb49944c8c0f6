"""A person's place in a voice channel, as a browser's tab uses it."""

from collections.abc import Callable
from typing import Protocol


class Seat(Protocol):
    """A person's place in a voice channel: `playground.voice.speaker.VoicePerson`."""

    async def join(self, channel: str) -> None:
        """Take it; returns once there."""

    async def leave(self) -> None:
        """Leave it, also one that was never taken."""

    async def feed(self, pcm: bytes) -> None:
        """Say this: 48 kHz, mono, s16le; any length. Returns at once."""


Heard = Callable[[str, bytes], None]
"""A user's id, and 20 ms of what they say."""
Sit = Callable[[str, Heard], Seat]
