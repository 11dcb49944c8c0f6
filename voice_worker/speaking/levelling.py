"""Makes every voice equally loud while it is being made, and lets no peak clip."""

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from voice_worker.audio import FRAME_S
from voice_worker.speaking.loudness import FULL, Meter

TARGET = -20.0
"""LUFS: about as loud as people are in a voice channel."""
CEILING = 10 ** (-1.5 / 20) * FULL
"""Highest sample: between samples and in the codec peaks grow a little."""
MOST_DB = 24.0
"""What is fainter or louder than this away from the target is meant to be."""
LISTEN_S = 0.4
"""How much of an unknown voice is measured before any of it goes on."""
SLEW_DB = 6.0 * FRAME_S
"""Change per frame: slow enough to go unnoticed."""
RECOVERY = 10 ** (60.0 * FRAME_S / 20)
"""Growth per frame after a peak was held down."""
PRIOR_S = 0.5
"""What is known of a voice weighs as much as so much of it."""
Frame = npt.NDArray[np.float64]


class Leveller:
    """For one sentence. `usual`: the voice's loudness as measured before (LUFS), if it was."""

    def __init__(self, usual: float | None = None) -> None:
        self._usual = usual
        self._meter = Meter()
        self._db: float | None = None
        self._edge = 1.0

    def level(self, frames: Iterable[bytes]) -> Iterator[bytes]:
        """The frames of 20 ms (48 kHz mono s16le) at the right loudness; one is held back always,
        so that a peak is seen before it comes.
        """
        held: deque[Frame] = deque()
        for frame in frames:
            samples = np.frombuffer(frame, "<i2")
            self._meter.add(samples)
            held.append(samples.astype(np.float64))
            if self._usual is None and self._meter.seconds < LISTEN_S:
                continue
            while len(held) > 1:
                yield self._limited(held)
        while held:
            yield self._limited(held)

    def measured(self) -> float | None:
        """The loudness of what came in, LUFS."""
        return self._meter.loudness()

    def _limited(self, held: deque[Frame]) -> bytes:
        """Takes the first frame. The gain runs straight from edge to edge, and no edge's is more
        than the frames on both sides of it bear: so no sample between them is too high.
        """
        gain = 10 ** (self._step() / 20)
        frame = held.popleft()
        start = min(self._edge, _bearable(frame))
        following = _bearable(held[0]) if held else gain
        self._edge = min(gain, _bearable(frame), following, start * RECOVERY)
        ramp = np.linspace(start, self._edge, len(frame))
        return np.clip(frame * ramp, -FULL, FULL - 1).round().astype("<i2").tobytes()

    def _step(self) -> float:
        """Gain in dB for this frame: towards the target, slowly once it has begun."""
        loudness = self._expected()
        wish = 0.0 if loudness is None else min(MOST_DB, max(-MOST_DB, TARGET - loudness))
        if self._db is None:
            self._db = wish
            self._edge = 10 ** (wish / 20)
        self._db += min(SLEW_DB, max(-SLEW_DB, wish - self._db))
        return self._db

    def _expected(self) -> float | None:
        measured, usual = self._meter.loudness(), self._usual
        if measured is None or usual is None:
            return usual if measured is None else measured
        weight = PRIOR_S / (PRIOR_S + self._meter.seconds)
        return weight * usual + (1 - weight) * measured


def _bearable(frame: Frame) -> float:
    """The gain at which a frame's highest sample is at the ceiling."""
    return CEILING / max(1.0, float(np.abs(frame).max()))
