"""Counting while rows pass by: kinds of findings, lengths."""

from bisect import bisect_left
from collections.abc import Iterator

from protege.datasets.report.figures import EDGES, Finding, Lengths, Place
from protege.text import Text

SHOWN_PLACES = 5
MOST_FINDINGS = 50
"""Different findings that are counted apart; the data decide how many reasons there are."""
MORE = Text("other reasons", "другие причины")
ORDER = (
    "secret",
    "rejected",
    "contradiction",
    "personal",
    "placeholder",
    "long_answer",
    "long_question",
    "duplicate",
    "near",
)


class Findings:
    """How often each thing was found, and where first."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Text], int] = {}
        self._places: dict[tuple[str, Text], list[Place]] = {}

    def wants(self, kind: str, what: Text) -> bool:
        """Whether the place of another one would be kept: the costly part of finding it."""
        return self._counts.get((kind, what), 0) < SHOWN_PLACES

    def add(self, kind: str, what: Text, place: Place) -> None:
        """Count one more."""
        key = (kind, what)
        if key not in self._counts and len(self._counts) >= MOST_FINDINGS:
            key = (kind, MORE)
        self._counts[key] = self._counts.get(key, 0) + 1
        places = self._places.setdefault(key, [])
        if len(places) < SHOWN_PLACES:
            places.append(place)

    def count(self, kind: str) -> int:
        """How many of a kind there were."""
        return sum(count for (of, _), count in self._counts.items() if of == kind)

    def all(self) -> Iterator[Finding]:
        """Most important first, of a kind the most frequent first."""
        for kind, what in sorted(self._counts, key=lambda k: (ORDER.index(k[0]), -self._counts[k])):
            count, places = self._counts[kind, what], self._places[kind, what]
            yield Finding(kind, what, count, tuple(places))


class Measure:
    """The lengths of many texts."""

    def __init__(self) -> None:
        self._groups = [0] * (len(EDGES) + 1)
        self._longest = 0
        self._total = 0

    def add(self, text: str) -> None:
        """One more text."""
        length = len(text)
        self._groups[bisect_left(EDGES, length)] += 1
        self._longest = max(self._longest, length)
        self._total += length

    def lengths(self) -> Lengths:
        """All so far."""
        return Lengths(tuple(self._groups), self._longest, self._total)
