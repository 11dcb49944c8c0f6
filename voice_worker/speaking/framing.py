"""Sound of any length to frames of 20 ms, without the silence that engines put around it."""

from collections.abc import Iterable, Iterator

import numpy as np

from voice_worker.audio import SPOKEN_FRAME

SILENT = 100
"""No sample is higher in a frame that counts as silence: -50 dB."""
BEFORE, AFTER = 1, 8
"""Silent frames that stay: nobody waits for an engine's pause, but sentences need one between."""


def framed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same sound in frames of 20 ms, the last one filled up with silence."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= SPOKEN_FRAME:
            yield bytes(rest[:SPOKEN_FRAME])
            del rest[:SPOKEN_FRAME]
    if rest:
        yield bytes(rest.ljust(SPOKEN_FRAME, b"\0"))


def trimmed(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Without more silence than a little at both ends; what is all silence has none of it."""
    silent: list[bytes] = []
    keep = BEFORE
    for frame in frames:
        silent.append(frame)
        if _is_silent(frame):
            continue
        if keep:
            silent, keep = silent[-keep - 1 :], 0
        yield from silent
        silent = []
    if not keep:
        yield from silent[:AFTER]


def _is_silent(frame: bytes) -> bool:
    samples = np.frombuffer(frame, "<i2")
    return bool(samples.max() < SILENT and samples.min() > -SILENT)
