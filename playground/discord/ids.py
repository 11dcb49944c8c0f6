"""Ids and times as Discord writes them."""

import threading
import time
from datetime import UTC, datetime

from protege.discord.snowflake import EPOCH_MS


class Snowflakes:
    """Makes ids that grow with time, also within one millisecond."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_ms = 0
        self._count = 0

    def next(self, back_s: float = 0.0) -> str:
        """A new id, as if it had been made `back_s` seconds ago."""
        with self._lock:
            now_ms = int(time.time() * 1000)
            self._count = self._count + 1 if now_ms <= self._last_ms else 0
            self._last_ms = max(now_ms, self._last_ms)
            made_ms = self._last_ms + (self._count >> 12) - int(back_s * 1000)
            return str((made_ms - EPOCH_MS) << 22 | 1 << 17 | self._count & 0xFFF)


def iso(seconds: float | None = None) -> str:
    """ISO 8601 in UTC, as in `timestamp` fields; now by default."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, UTC)
    return moment.isoformat(timespec="milliseconds")
