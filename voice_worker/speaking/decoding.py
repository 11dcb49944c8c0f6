"""Compressed sound to plain, by ffmpeg."""

from collections.abc import Generator

from voice_worker.audio import SPOKEN_HZ
from voice_worker.speaking.processes import piped

PLAIN = ("-f", "s16le", "-ac", "1", "-ar", str(SPOKEN_HZ), "pipe:1")


def decoded(sound: bytes, kind: str, pace: float = 1.0) -> Generator[bytes]:
    """48 kHz mono s16le of a sound that ffmpeg calls `kind`, faster or slower at the same pitch.

    Raises Unavailable where it is broken, ConfigError where there is no ffmpeg.
    """
    faster = () if pace == 1.0 else ("-af", f"atempo={pace:.3f}")
    given = ("-f", kind, "-i", "pipe:0")
    return piped(("ffmpeg", "-v", "error", "-nostdin", *given, *faster, *PLAIN), sound)
