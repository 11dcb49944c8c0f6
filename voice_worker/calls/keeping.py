"""What is kept of what somebody said, and only where the guild's rules say so."""

import json
import time

from protege.privacy import spoken
from protege.providers.hearing.wav import wav
from protege.storage import Files
from voice_worker.calls.ears import Heard


def keep(files: Files, space: str, id: str, heard: Heard, what: str) -> None:
    """`what`: the rule `keep`. Blocks; raises Unavailable."""
    if what == "off":
        return
    at = spoken(space, heard.user) + id
    said = {"text": heard.text, "seconds": round(heard.seconds, 2), "at": time.time()}
    files.write(f"{at}.json", json.dumps(said, ensure_ascii=False).encode())
    if what == "sound" and heard.pcm:
        files.write(f"{at}.wav", wav(heard.pcm))
