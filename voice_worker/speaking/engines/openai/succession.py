"""The speech models while they last, and what comes after them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from voice_worker.speaking.engines.openai import LAST_DAY
from voice_worker.speaking.manner import Engine, Manner


def today() -> date:
    """As providers count days."""
    return datetime.now(UTC).date()


class Succession:
    """Speaks by one engine up to a day, and by another from then on."""

    def __init__(
        self,
        first: Engine,
        then: Engine,
        ends: date = LAST_DAY,
        day: Callable[[], date] = today,
    ) -> None:
        self._first = first
        self._then = then
        self._ends = ends
        self._day = day

    @property
    def name(self) -> str:
        """Whose turn it is."""
        return self._current.name

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """As that one does."""
        return self._current.synthesize(text, manner)

    @property
    def _current(self) -> Engine:
        return self._first if self._day() < self._ends else self._then
