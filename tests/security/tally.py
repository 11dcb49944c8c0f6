"""How many attacks were tried, how many were stopped, and the table that says so."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import NamedTuple

SHOWN = 5


class Count(NamedTuple):
    """Of one kind of attack. `seconds`: what the tests of it took, one after the other."""

    tried: int = 0
    stopped: int = 0
    seconds: float = 0.0

    def __add__(self, other: object) -> "Count":
        if not isinstance(other, tuple):
            return NotImplemented
        tried, stopped, seconds = other
        return Count(self.tried + tried, self.stopped + stopped, self.seconds + seconds)


class Attacks:
    """One test's attacks. Each is one call of `stopped`; the test fails if any got through."""

    def __init__(self) -> None:
        self.tried = 0
        self._through: list[str] = []

    def stopped(self, whether: bool, what: object) -> None:
        """Count an attack; `what`: how it is named where it got through."""
        self.tried += 1
        if not whether:
            self._through.append(repr(what)[:300])

    @contextmanager
    def over(self, tally: "Tally", kind: str) -> Iterator["Attacks"]:
        """Note them in the tally at the end. Raises AssertionError where one got through."""
        began = perf_counter()
        try:
            yield self
        finally:
            good = self.tried - len(self._through)
            tally.add(kind, Count(self.tried, good, perf_counter() - began))
        assert self.tried, "a test that tries nothing proves nothing"
        assert not self._through, f"{len(self._through)} got through: {self._through[:SHOWN]}"


class Tally:
    """Counts by kind."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = {}

    def add(self, kind: str, count: Count) -> None:
        """Add to what is counted already."""
        self.counts[kind] = self.counts.get(kind, Count()) + count

    def merge(self, counts: Mapping[str, tuple[int, int, float]]) -> None:
        """What another process has counted."""
        for kind, count in counts.items():
            self.add(kind, Count(*count))

    def table(self) -> list[str]:
        """Lines for people: each kind, then the sum."""
        whole = sum(self.counts.values(), Count())
        rows = [*sorted(self.counts.items()), ("all", whole)]
        head = f"{'attack':<44}{'tried':>9}{'stopped':>9}{'through':>9}{'seconds':>9}"
        return [head, *(_row(kind, count) for kind, count in rows)]


def _row(kind: str, count: Count) -> str:
    through = count.tried - count.stopped
    return f"{kind:<44}{count.tried:>9,}{count.stopped:>9,}{through:>9,}{count.seconds:>9.1f}"
