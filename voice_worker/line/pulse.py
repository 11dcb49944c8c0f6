"""Whether the voice server still knows where we are.

A voice server that forgot our UDP address says nothing: it sends no sound, takes none, and the
websocket stays as it is. So we ask for our address from time to time, which keeps firewalls open as
well. A server that never answered such a question within this session is not suspected.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

KEEPALIVE_S = 5.0
"""As Songbird does: https://docs.rs/songbird/latest/src/songbird/constants.rs.html"""
AGAIN = 0.2
"""This part of it once an answer is missing."""
MISSES = 3
"""So many unanswered questions in a row, with no sound either, are a dead line."""


class Hearing(Protocol):
    """What came last. Times are those of time.monotonic()."""

    last_packet: float
    last_answer: float
    address: bytes | None


class Pulse:
    """`ask` sends a question; `ears` hear its answer. `keepalive_s`: how often."""

    def __init__(
        self, ask: Callable[[], None], ears: Hearing, keepalive_s: float = KEEPALIVE_S
    ) -> None:
        self._ask, self._ears, self._keepalive_s = ask, ears, keepalive_s
        self._address: bytes | None = None
        self._misses = 0

    async def stops(self) -> None:
        """Returns when the voice server answers no more, or sees us elsewhere than it sends to."""
        while self._misses < MISSES:
            asked = time.monotonic()
            self._ask()
            await asyncio.sleep(self._keepalive_s * (AGAIN if self._misses else 1))
            if self._ears.last_answer >= asked and self._moved():
                return
            self._judge(asked)

    def _moved(self) -> bool:
        before, self._address = self._address, self._ears.address
        return before is not None and before != self._address

    def _judge(self, asked: float) -> None:
        if self._ears.last_packet >= asked:
            self._misses = 0
        elif self._address is not None:
            self._misses += 1
