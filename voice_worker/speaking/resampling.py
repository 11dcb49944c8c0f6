"""Any rate to the 48 kHz that Discord's opus has."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import soxr  # type: ignore[import-untyped]

from voice_worker.audio import SPOKEN_HZ

Samples = npt.NDArray[np.int16]


def resampled(pieces: Iterable[bytes], hz: int) -> Iterator[bytes]:
    """Mono s16le at `hz` to the same at 48 kHz, as it comes; pieces may split a sample."""
    stream = soxr.ResampleStream(hz, SPOKEN_HZ, 1, dtype="int16", quality="HQ")
    for samples, last in _whole(pieces):
        if out := stream.resample_chunk(samples, last=last).tobytes():
            yield out


def _whole(pieces: Iterable[bytes]) -> Iterator[tuple[Samples, bool]]:
    rest = b""
    for piece in pieces:
        rest += piece
        even = len(rest) // 2 * 2
        yield np.frombuffer(rest[:even], "<i2"), False
        rest = rest[even:]
    yield np.zeros(0, np.int16), True
