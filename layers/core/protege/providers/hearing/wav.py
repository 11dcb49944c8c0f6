"""Heard sound as a file."""

import io
import wave

from protege.providers.hearing import HEARD_HZ


def wav(pcm: bytes) -> bytes:
    """A WAV file of 16 kHz mono s16le."""
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HEARD_HZ)
        file.writeframes(pcm)
    return body.getvalue()
