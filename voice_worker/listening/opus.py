"""libopus by ctypes: what the network speaks. One object per direction and stream, for one thread
at a time. Functions and numbers: https://opus-codec.org/docs/opus_api-1.5/ (opus_defines.h)
"""

import ctypes
import ctypes.util
import functools

LONGEST_S = 0.12
"""The longest packet that opus knows; as much is set aside for one decoded packet."""
_LARGEST = 4000  # bytes of one packet; the documentation's own recommendation
_VOIP, _SET_BITRATE, _SET_FEC, _SET_LOSS = 2048, 4002, 4012, 4014
_EXPECTED_LOSS = 10  # per cent; how much of a packet may be spent on repairing the one before


class OpusError(Exception):
    """libopus refused: a broken packet, or sound of a length that no frame has."""


@functools.cache
def library() -> ctypes.CDLL:
    """libopus, found once. Raises OSError where it is not installed."""
    lib = ctypes.CDLL(ctypes.util.find_library("opus") or "libopus.so.0")
    lib.opus_encoder_create.restype = lib.opus_decoder_create.restype = ctypes.c_void_p
    lib.opus_strerror.restype = ctypes.c_char_p
    for destroy in (lib.opus_encoder_destroy, lib.opus_decoder_destroy):
        destroy.argtypes, destroy.restype = [ctypes.c_void_p], None
    lib.opus_encode.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_int32),
    ]
    lib.opus_decode.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32),
        *(ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
    ]
    return lib


def _checked(code: int) -> int:
    if code < 0:
        raise OpusError(library().opus_strerror(code).decode())
    return code


class Encoder:
    """Sound to packets. `hz`: 8, 12, 16, 24 or 48 thousand; `bitrate`: bits per second. Packets
    carry what repairs the loss of the one before (in-band FEC). Raises OpusError.
    """

    def __init__(self, hz: int = 48_000, channels: int = 1, bitrate: int = 48_000) -> None:
        lib, code = library(), ctypes.c_int()
        self._state = lib.opus_encoder_create(hz, channels, _VOIP, ctypes.byref(code))
        _checked(code.value)
        self._width = 2 * channels
        self._room = ctypes.create_string_buffer(_LARGEST)
        for what, value in ((_SET_BITRATE, bitrate), (_SET_FEC, 1), (_SET_LOSS, _EXPECTED_LOSS)):
            # Variadic: the pointer must say that it is one.
            state = ctypes.c_void_p(self._state)
            _checked(lib.opus_encoder_ctl(state, what, ctypes.c_int32(value)))

    def encode(self, pcm: bytes) -> bytes:
        """One packet of `pcm`: signed 16 bits, little endian, interleaved; 2.5 to 60 ms, 20 ms by
        our habit. Raises OpusError where its length is no frame's.
        """
        samples, rest = divmod(len(pcm), self._width)
        if rest:
            raise OpusError("half a sample")
        size = library().opus_encode(self._state, pcm, samples, self._room, _LARGEST)
        return self._room.raw[: _checked(size)]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            library().opus_encoder_destroy(self._state)


class Decoder:
    """Packets to sound at `hz`, whatever they were made with: libopus resamples by itself."""

    def __init__(self, hz: int = 16_000, channels: int = 1) -> None:
        code = ctypes.c_int()
        self._state = library().opus_decoder_create(hz, channels, ctypes.byref(code))
        _checked(code.value)
        self._width, self._most = 2 * channels, int(hz * LONGEST_S)
        self._room = ctypes.create_string_buffer(self._most * self._width)

    def decode(
        self, packet: bytes | None, *, fec: bool = False, samples: int | None = None
    ) -> bytes:
        """Sound of `packet` (signed 16 bits, little endian, interleaved). None: `samples` (per
        channel; the most that a packet holds when not said) are guessed from what came before; with
        `fec` the packet *before* this one, of `samples`, is repaired. Raises OpusError where the
        packet is broken.
        """
        if packet == b"":
            raise OpusError("an empty packet")
        most = min(samples or self._most, self._most)
        size = len(packet) if packet else 0
        code = library().opus_decode(self._state, packet, size, self._room, most, int(fec))
        return self._room.raw[: _checked(code) * self._width]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            library().opus_decoder_destroy(self._state)
