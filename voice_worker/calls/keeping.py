"""What is kept of what somebody said, and only where the guild's rules say so."""

import io
import json
import time
import wave

from protege.privacy import spoken
from protege.storage import Files
from voice_worker.audio import HEARD_HZ
from voice_worker.calls.ears import Heard


def keep(files: Files, space: str, id: str, heard: Heard, what: str) -> None:
    """`what`: the rule `keep`. Blocks; raises Unavailable."""
    if what == "off":
        return
    at = spoken(space, heard.user) + id
    said = {"text": heard.text, "seconds": round(heard.seconds, 2), "at": time.time()}
    files.write(f"{at}.json", json.dumps(said, ensure_ascii=False).encode())
    if what == "sound" and heard.pcm:
        files.write(f"{at}.wav", _wav(heard.pcm))


def _wav(pcm: bytes) -> bytes:
    body = io.BytesIO()
    with wave.open(body, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(HEARD_HZ)
        out.writeframes(pcm)
    return body.getvalue()
