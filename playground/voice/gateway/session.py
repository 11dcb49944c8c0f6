"""One session of a bot: it outlives its connections, and keeps what was sent meanwhile."""

import secrets
from asyncio import TimerHandle
from collections import deque
from typing import Any, Protocol

from playground.voice.gateway.intents import needed
from playground.voice.gateway.wire import Json, Op

KEPT = 2000
"""How many events a session that comes back may have missed."""


class Wire(Protocol):
    """A connection, as its session sees it."""

    def send(self, message: Json) -> None:
        """Send a message after those before it."""

    def close(self, code: int, why: str = "") -> None:
        """Close it after the messages before."""

    def abort(self) -> None:
        """Cut it without a word."""


class Session:
    """What a bot identified with, and its events since. `seq`: number of the last one."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.wire: Wire | None = None
        self.ends: TimerHandle | None = None
        """Runs while nobody is connected."""
        self._kept: deque[Json] = deque(maxlen=KEPT)

    def tell(self, event: str, data: Any) -> None:
        """Dispatch an event, now or when the bot resumes."""
        self.seq += 1
        message = {"op": Op.DISPATCH, "d": data, "s": self.seq, "t": event}
        self._kept.append(message)
        if self.wire is not None:
            self.wire.send(message)

    def wants(self, event: str, guild: str) -> bool:
        """Whether an event of a guild ("" for a private chat) is for this session."""
        index, count = self.shard
        mine = (int(guild or 0) >> 22) % count == index
        intent = needed(event, private=not guild)
        return mine and self.intents & intent == intent

    def missed(self, seq: int) -> list[Json] | None:
        """The events after `seq`; None where some are no longer kept."""
        found = [message for message in self._kept if message["s"] > seq]
        return found if len(found) == self.seq - seq else None
