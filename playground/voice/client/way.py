"""The way to the voice server: where it is, and why it is trusted."""

import ssl
from functools import cache
from typing import Protocol

from playground.voice.rooms import Rooms
from playground.voice.states import VoiceStates


class Side(Protocol):
    """What a person needs of the stand-in's voice side."""

    @property
    def states(self) -> VoiceStates:
        """Who sits where."""

    @property
    def rooms(self) -> Rooms:
        """Whom a frame that cannot be opened is reported to."""

    @property
    def endpoint(self) -> str:
        """Host and port."""

    @property
    def ca_file(self) -> str:
        """Authorities to trust."""


@cache
def trust(ca_file: str) -> ssl.SSLContext:
    """For a client; kept, as it reads a few hundred authorities."""
    return ssl.create_default_context(cafile=ca_file)
