"""What a person writes, as Discord's own client would send it."""

import base64
import io
import wave
from collections.abc import Mapping, Sequence
from typing import Any

from playground.discord.files import Upload
from playground.discord.posts import VOICE_MESSAGE

Json = dict[str, Any]
OPUS_HZ = 48_000
"""Clock of an Ogg opus file, whatever it holds.
Source: https://www.rfc-editor.org/rfc/rfc7845#section-4
"""
FLAT = base64.b64encode(bytes([96]) * 64).decode()
"""A waveform for sounds that nobody looked at."""


def body(form: Mapping[str, str], uploads: Sequence[Upload]) -> Json:
    """The body of a message from form fields: `content`; `reply_to`: a message's id; `ping` "0":
    without telling its author; `voice` "1": a voice message, with `duration_secs` and `waveform`
    where they are known.
    """
    found: Json = {"content": form.get("content", "")}
    if form.get("reply_to"):
        found["message_reference"] = {"message_id": form["reply_to"]}
        if form.get("ping") == "0":
            found["allowed_mentions"] = {"parse": ["users", "roles", "everyone"]}
    if form.get("voice") == "1":
        notes = [_notes(form, upload) for upload in uploads]
        return {**found, "flags": VOICE_MESSAGE, "attachments": notes}
    return found


def _notes(form: Mapping[str, str], sound: Upload) -> Json:
    return {
        "id": str(sound.number),
        "duration_secs": round(float(form.get("duration_secs") or length_s(sound.body)), 2),
        "waveform": form.get("waveform") or FLAT,
    }


def length_s(sound: bytes) -> float:
    """How long an Ogg opus or WAV file lasts, in seconds; 0 for what is neither."""
    if sound.startswith(b"OggS"):
        last, head = sound.rfind(b"OggS"), sound.find(b"OpusHead")
        ends = int.from_bytes(sound[last + 6 : last + 14], "little")
        skipped = int.from_bytes(sound[head + 10 : head + 12], "little") if head >= 0 else 0
        return max(0, ends - skipped) / OPUS_HZ
    try:
        with wave.open(io.BytesIO(sound)) as read:
            return float(read.getnframes() / read.getframerate())
    except (wave.Error, EOFError):
        return 0.0
