"""A speech on its way out: frames go in as they are made, and leave one every 20 ms."""

import threading
import time
from collections import deque
from typing import NamedTuple

from voice_worker.audio import FRAME_S

AHEAD_S = 20.0
"""How much may wait: what is interrupted was made, and perhaps paid, in vain."""
FRAMES_PER_LETTER = 3
"""About as fast as people speak: 16 letters a second. Used where a sentence is not yet made."""


class Mark(NamedTuple):
    """A sentence and the frame that it begins with."""

    sentence: str
    start: int
    silent: bool = False
    """Whether it needs no frames: an emoji, a line of stars."""


class Playout:
    """A `Source` that one thread fills while another one plays it."""

    def __init__(self, ahead_s: float = AHEAD_S) -> None:
        self._most = max(1, round(ahead_s / FRAME_S))
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._marks: list[Mark] = []
        self._put = 0
        self._taken = 0
        self._over = False
        self._unmade = False
        self.began = 0.0
        """When, of time.monotonic, its first frame left; 0: none did."""

    @property
    def played(self) -> int:
        """Frames that have left."""
        return self._taken

    @property
    def empty(self) -> bool:
        """Whether it ended without a frame."""
        return self._over and not self._put

    def put(self, frame: bytes) -> bool:
        """Add a frame; waits while more than enough is ahead. False: it was cut, make no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or len(self._waiting) < self._most)
            if not self._over:
                self._waiting.append(frame)
                self._put += 1
            return not self._over

    def mark(self, sentence: str, *, silent: bool = False) -> None:
        """The frames that are put from now on say this; `silent`: it needs none."""
        with self._changed:
            self._marks.append(Mark(sentence, self._put, silent))

    def end(self) -> None:
        """No frame comes any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def cut(self) -> None:
        """End at once: what waits is dropped. From any thread."""
        with self._changed:
            self._unmade = self._unmade or not self._over
            self._over = True
            self._waiting.clear()
            self._changed.notify_all()

    def read(self) -> bytes | None:
        """The next frame; b"" where there is none yet, None at the end. Does not block."""
        with self._changed:
            if self._waiting:
                self._taken += 1
                self.began = self.began or time.monotonic()
                self._changed.notify_all()
                return self._waiting.popleft()
            return None if self._over else b""

    def said(self) -> str:
        """The sentences that have left; of the one it is in the middle of, as many words as its
        share of frames.
        """
        with self._changed:
            ends = [mark.start for mark in self._marks[1:]] + [self._last_end()]
            found = [
                _part(mark, self._taken, end) for mark, end in zip(self._marks, ends, strict=False)
            ]
        return " ".join(filter(None, found))

    def _last_end(self) -> int:
        if not self._unmade or not self._marks:
            return self._put
        last = self._marks[-1]
        return max(self._put, last.start + FRAMES_PER_LETTER * len(last.sentence))


def _part(mark: Mark, taken: int, end: int) -> str:
    if mark.silent:
        return mark.sentence if taken >= mark.start else ""
    played, frames = taken - mark.start, end - mark.start
    if played <= 0 or frames <= 0:
        return ""
    if played >= frames:
        return mark.sentence
    words = mark.sentence.split()
    return " ".join(words[: len(words) * played // frames])
