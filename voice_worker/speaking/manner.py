"""How something is to be said, and what can say it."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from protege.voice.rules import SPEEDS


class Manner(NamedTuple):
    """How a guild wants to be spoken to."""

    voice: str = ""
    """An engine's own name of a voice; empty, or one that the engine does not know: its default."""
    language: str = "en-US"
    """A locale such as `en-US` or `ru`."""
    speed: float = 1.0
    """1.0 is the engine's ordinary pace; what lies outside of `SPEEDS` is taken as the bound."""

    @property
    def pace(self) -> float:
        """`speed` within `SPEEDS`."""
        slowest, fastest = SPEEDS
        return min(fastest, max(slowest, self.speed))


class Engine(Protocol):
    """Text to speech. One object serves all guilds, from several threads at once."""

    @property
    def name(self) -> str:
        """Who speaks, model included: two that sound different are called differently."""

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le in pieces of any length, as they come; closing the iterator stops it.

        Raises Unavailable where the engine is down, UserError where it refuses.
        """
