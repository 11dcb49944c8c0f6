"""How loud something sounds, by ITU-R BS.1770-4: weighted as ears do, pauses left out."""

import numpy as np
import numpy.typing as npt

from voice_worker.audio import SPOKEN_HZ

Samples = npt.NDArray[np.float64]
HOP = SPOKEN_HZ // 10
"""Samples between blocks of 400 ms, which overlap by three quarters."""
BLOCK_HOPS = 4
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
OFFSET = -0.691
FULL = 32768.0
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""The standard's two filters at 48 kHz (its tables 1 and 2): numerator, rest of the denominator."""


def _response() -> Samples:
    """Power gain of both filters at each frequency of a hop's spectrum."""
    z = np.exp(-2j * np.pi * np.arange(HOP // 2 + 1) / HOP)
    gain = np.ones(len(z))
    for (b0, b1, b2), (a1, a2) in (SHELF, HIGH_PASS):
        gain = gain * np.abs((b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)) ** 2
    return gain


_GAIN = _response()
_GAIN[1:-1] *= 2  # the other half of a real signal's spectrum


class Meter:
    """Measures sound as it comes."""

    def __init__(self) -> None:
        self._rest = np.zeros(0)
        self._hops: list[float] = []

    def add(self, samples: npt.NDArray[np.int16]) -> None:
        """Further sound, 48 kHz mono."""
        rest = np.concatenate([self._rest, samples / FULL])
        whole = len(rest) // HOP
        for hop in rest[: whole * HOP].reshape(whole, HOP):
            # The filters' work is done in the spectrum: numpy has no recursive filter.
            power = np.abs(np.fft.rfft(hop)) ** 2
            self._hops.append(float((power * _GAIN).sum() / HOP**2))
        self._rest = rest[whole * HOP :]

    @property
    def seconds(self) -> float:
        """How much was measured."""
        return len(self._hops) * HOP / SPOKEN_HZ

    def loudness(self) -> float | None:
        """Integrated loudness so far in LUFS; None where nothing was to be heard."""
        if not self._hops:
            return None
        width = min(BLOCK_HOPS, len(self._hops))
        blocks = np.convolve(self._hops, np.full(width, 1 / width), mode="valid")
        heard = blocks[_lufs(blocks) > ABSOLUTE_GATE]
        if not len(heard):
            return None
        gate = _lufs(heard.mean()) + RELATIVE_GATE
        return float(_lufs(heard[_lufs(heard) > gate].mean()))


def _lufs(power: npt.NDArray[np.float64] | np.float64) -> npt.NDArray[np.float64]:
    return np.asarray(OFFSET + 10 * np.log10(np.maximum(power, 1e-12)))
