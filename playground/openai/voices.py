"""The sound of a text: espeak-ng speaks for all of OpenAI's voices, ffmpeg packs it."""

import re
import subprocess

HZ = 24_000
"""Of plain sound: mono, signed 16 bits, little endian."""
VARIANTS = {
    "alloy": "f2",
    "ash": "m1",
    "ballad": "m2",
    "coral": "f3",
    "echo": "m3",
    "sage": "f4",
    "shimmer": "f5",
    "verse": "m4",
    "marin": "f1",
    "cedar": "m5",
}
"""Voices of every model, and what espeak-ng has in their place."""
SPEECH_ONLY = {"fable": "m6", "onyx": "m7", "nova": "klatt4"}
"""Voices that realtime models do not have."""
OLD = ("alloy", "ash", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer")
"""Voices of `tts-1` and `tts-1-hd`."""
FORMATS = {
    "mp3": ("audio/mpeg", ("-f", "mp3")),
    "opus": ("audio/opus", ("-c:a", "libopus", "-f", "ogg")),
    "aac": ("audio/aac", ("-f", "adts")),
    "flac": ("audio/flac", ("-f", "flac")),
    "wav": ("audio/wav", ("-f", "wav")),
}
"""What ffmpeg packs, with its media type. `pcm` is left as it is."""
WORDS_PER_MINUTE = 175
TOKENS_PER_S = 20
"""Tokens that a second of sound is counted as."""
CYRILLIC = re.compile("[а-яё]", re.I)
LIMIT_S = 60.0


def spoken(text: str, voice: str, speed: float = 1.0) -> bytes:
    """Plain sound of a text. Raises KeyError for an unknown voice."""
    language = "ru" if CYRILLIC.search(text) else "en-us"
    variant = {**VARIANTS, **SPEECH_ONLY}[voice]
    pace = str(round(WORDS_PER_MINUTE * speed))
    words = ("espeak-ng", "-b", "1", "-v", f"{language}+{variant}", "-s", pace)
    wave = _piped((*words, "--stdin", "--stdout"), text.encode())
    return _piped((*_ffmpeg("-f", "wav"), "-f", "s16le", "-ar", str(HZ), "-ac", "1", "-"), wave)


def packed(sound: bytes, format: str) -> bytes:
    """Plain sound as a file of that format."""
    given = _ffmpeg("-f", "s16le", "-ar", str(HZ), "-ac", "1")
    return _piped((*given, *FORMATS[format][1], "-"), sound)


def seconds(sound: bytes) -> float:
    """How long plain sound lasts."""
    return len(sound) / (2 * HZ)


def _ffmpeg(*given: str) -> tuple[str, ...]:
    return ("ffmpeg", "-v", "error", *given, "-i", "-")


def _piped(command: tuple[str, ...], given: bytes) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=LIMIT_S)
    return done.stdout
