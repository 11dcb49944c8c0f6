"""The offline engine: what was taught is recognised in any language, free speech in English."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence

from protege.providers.hearing import HEARD_HZ
from protege.providers.hearing.offline.search import Free, Hints, Phones
from protege.providers.hearing.offline.verdict import Found, speech, taught, taught_abroad
from protege.providers.hearing.offline.words import words

MOST_HINTS = 400
FIRST = int(1.2 * HEARD_HZ * 2)
"""Bytes that are gathered before the search begins: they tell how the voice sounds."""
LEAST = int(0.1 * HEARD_HZ * 2)
IDLE = 4
"""Pairs of searches of a kind that are kept for the next utterance: 0.7 s to build, 80 MB."""


class Searches:
    """What listens to one utterance: for the hints, and for anything else."""

    def __init__(self, *, english: bool) -> None:
        self.hints = Hints()
        self.rest: Free | Phones = Free() if english else Phones()


class OfflineTranscriber:
    """A `hearing.Transcriber`."""

    model = ""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: defaultdict[bool, list[Searches]] = defaultdict(list)

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Listening":
        """Listen to one utterance."""
        english = language.lower().startswith("en")
        with self._lock:
            kept = self._idle[english].pop() if self._idle[english] else None
        searches = kept or Searches(english=english)
        known = {found: hint for hint in reversed(hints[:MOST_HINTS]) if (found := words(hint))}
        searches.hints.expect(known.keys(), language)
        return Listening(self, searches, known, english=english)

    def back(self, searches: Searches, *, english: bool) -> None:
        """Searches that are free again."""
        with self._lock:
            if len(self._idle[english]) < IDLE:
                self._idle[english].append(searches)


class Listening:
    """A `hearing.Transcription`."""

    def __init__(
        self,
        home: OfflineTranscriber,
        searches: Searches,
        known: Mapping[tuple[str, ...], str],
        *,
        english: bool,
    ) -> None:
        self._home = home
        self._searches = searches
        self._known = known
        self._english = english
        self._first: bytearray | None = bytearray()

    def feed(self, pcm: bytes) -> None:
        """Further sound."""
        if self._first is None:
            self._search(pcm)
            return
        self._first += pcm
        if len(self._first) >= FIRST:
            self._start()

    def end(self) -> str:
        """A taught sentence as it was taught, else the words that were heard."""
        try:
            if self._first is not None:
                if len(self._first) < LEAST:
                    return ""
                self._start()
            return self._heard() if self._english else self._heard_abroad()
        finally:
            self._home.back(self._searches, english=self._english)

    def drop(self) -> None:
        """Nobody needs the words."""
        self._home.back(self._searches, english=self._english)

    def _start(self) -> None:
        first, self._first = bytes(self._first or b""), None
        mean = self._searches.hints.mean(first)
        if self._known:
            self._searches.hints.start(mean)
        self._searches.rest.start(mean)
        self._search(first)

    def _search(self, pcm: bytes) -> None:
        if self._known:
            self._searches.hints.feed(pcm)
        if self._known or self._english:
            self._searches.rest.feed(pcm)

    def _hint(self) -> tuple[str, Found]:
        """The hint that fits best, as it was given; empty where none does from end to end."""
        if not self._known:
            return "", Found()
        self._searches.hints.stop()
        found = self._searches.hints.found()
        return self._known.get(tuple(found.text.split()), ""), found

    def _heard(self) -> str:
        hint, found = self._hint()
        rest = self._searches.rest
        if hint and taught(found, rest.found()):
            return hint  # the other search is left open: closing it takes long, the answer does not
        rest.stop()
        free = rest.found()
        return free.text if speech(free) else ""

    def _heard_abroad(self) -> str:
        hint, found = self._hint()
        self._searches.rest.stop()
        return hint if hint and taught_abroad(found, self._searches.rest.found()) else ""
