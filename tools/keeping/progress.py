"""How far it has come, on stderr: a line that changes in a terminal, one now and then elsewhere."""

import sys
import time


class Progress:
    """Counts and bytes of something long."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown_at = time.monotonic()
        self._live = sys.stderr.isatty()
        self.count = self.size = 0

    def add(self, size: int) -> None:
        """One more, of so many bytes."""
        self.count += 1
        self.size += size
        if time.monotonic() > self._shown_at + (0.2 if self._live else 10.0):
            self._shown_at = time.monotonic()
            self._show("\r" if self._live else "\n")

    def over(self) -> None:
        """All is done."""
        self._show("\n")

    def _show(self, end: str) -> None:
        text = f"{self._what}: {self.count:,}, {self.size / 1e6:,.1f} MB"
        print(f"{text:60}", end=end, file=sys.stderr, flush=True)
