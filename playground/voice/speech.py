"""Words as sound, for people in the stand-in: flite for English, espeak-ng for the rest."""

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

LONGEST_S = 30.0


@lru_cache(maxsize=64)
def speech(text: str, *, voice: str = "slt", hz: int = 48_000) -> bytes:
    """`text` spoken: mono, signed 16 bits, little endian, at `hz`.

    `voice`: one of flite's, or "espeak:LANGUAGE". Raises CalledProcessError for an unknown voice,
    FileNotFoundError where flite, espeak-ng or ffmpeg is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        if voice.startswith("espeak:"):
            language = voice.removeprefix("espeak:")
            _run("espeak-ng", "-v", language, "-w", str(path), "--", text)
        else:
            _run("flite", "-voice", voice, "-t", text, "-o", str(path))
        raw = ("-f", "s16le", "-ar", str(hz), "-ac", "1")
        return _run("ffmpeg", "-loglevel", "error", "-i", str(path), *raw, "pipe:1")


def _run(*command: str) -> bytes:
    done = subprocess.run(command, capture_output=True, check=True, timeout=LONGEST_S)
    return done.stdout
