"""Opus by the system's libopus: what people in the stand-in speak with.

Source: https://opus-codec.org/docs/opus_api-1.5/
"""

import ctypes
import ctypes.util
from functools import cache
from typing import Final

FRAME_S: Final = 0.02
HZ: Final = 48_000
FRAME: Final = 1920
"""Bytes of a frame: 48 kHz, mono, signed 16 bits, little endian."""
SAMPLES: Final = 960
SILENCE: Final = b"\xf8\xff\xfe"
"""An opus frame of silence, which is never encrypted end to end."""
VOICE: Final = 2048
BITRATE, FEC, EXPECTED_LOSS = 4002, 4012, 4014
LONGEST = 4000
MOST_MS = 120


class OpusError(ValueError):
    """What libopus would not take."""


@cache
def _library() -> ctypes.CDLL:
    found = ctypes.CDLL(ctypes.util.find_library("opus") or "libopus.so.0")
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    long = ctypes.c_int32
    found.opus_encoder_create.restype = found.opus_decoder_create.restype = pointer
    found.opus_encode.argtypes = [pointer, text, number, text, long]
    found.opus_decode.argtypes = [pointer, text, long, pointer, number, number]
    found.opus_encoder_destroy.argtypes = found.opus_decoder_destroy.argtypes = [pointer]
    return found


class Encoder:
    """48 kHz mono with what is needed to mend a lost packet."""

    def __init__(self, bitrate: int = 64_000, expected_loss: int = 15) -> None:
        failed = ctypes.c_int()
        self._opus = _library()
        self._state = self._opus.opus_encoder_create(HZ, 1, VOICE, ctypes.byref(failed))
        if failed.value:
            raise OpusError(f"opus_encoder_create: {failed.value}")
        for setting, value in ((BITRATE, bitrate), (FEC, 1), (EXPECTED_LOSS, expected_loss)):
            state, wanted = ctypes.c_void_p(self._state), ctypes.c_int32(value)
            self._opus.opus_encoder_ctl(state, setting, wanted)

    def encode(self, pcm: bytes) -> bytes:
        """One frame of 20 ms (shorter ones are filled with silence). Raises OpusError."""
        room = ctypes.create_string_buffer(LONGEST)
        length = self._opus.opus_encode(
            self._state, pcm.ljust(FRAME, b"\0"), SAMPLES, room, LONGEST
        )
        if length < 0:
            raise OpusError(f"opus_encode: {length}")
        return room.raw[:length]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._opus.opus_encoder_destroy(self._state)


class Decoder:
    """Mono at any of 8, 12, 16, 24 and 48 kHz."""

    def __init__(self, hz: int = HZ) -> None:
        failed = ctypes.c_int()
        self._opus = _library()
        self._hz = hz
        self._state = self._opus.opus_decoder_create(hz, 1, ctypes.byref(failed))
        if failed.value:
            raise OpusError(f"opus_decoder_create: {failed.value}")
        self._room = ctypes.create_string_buffer(hz * MOST_MS // 1000 * 2)

    def decode(self, frame: bytes) -> bytes:
        """One frame's samples. Raises OpusError."""
        return self._decode(frame, self._hz * MOST_MS // 1000)

    def conceal(self) -> bytes:
        """20 ms in place of a frame that was lost."""
        return self._decode(None, self._hz // 50)

    def _decode(self, frame: bytes | None, most: int) -> bytes:
        length = self._opus.opus_decode(self._state, frame, len(frame or b""), self._room, most, 0)
        if length < 0:
            raise OpusError(f"opus_decode: {length}")
        return self._room.raw[: length * 2]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._opus.opus_decoder_destroy(self._state)
