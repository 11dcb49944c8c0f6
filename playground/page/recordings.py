"""Recordings of browsers as Discord's clients send voice messages: opus in Ogg."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from playground.discord.files import Upload

RECORDED = "voice-message."
"""How the page names what was recorded there; files that people attach stay as they are."""
COPIED = "audio/webm"
"""Holds opus already; what else browsers record is encoded anew."""
LONGEST_S = 30.0


def as_discord_sends(file: Upload) -> Upload:
    """A recording as `voice-message.ogg`; any other file, or all without ffmpeg, unchanged."""
    if not file.name.startswith(RECORDED) or file.body.startswith(b"OggS"):
        return file
    made = _ogg(file) if shutil.which("ffmpeg") else b""
    return file._replace(name=f"{RECORDED}ogg", type="audio/ogg", body=made) if made else file


def _ogg(file: Upload) -> bytes:
    """Empty for what is no sound."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(file.body)
        codec = "copy" if file.type == COPIED else "libopus"
        made = ("-vn", "-c:a", codec, "-f", "ogg", "pipe:1")
        command = ("ffmpeg", "-loglevel", "error", "-i", str(path), *made)
        return subprocess.run(command, capture_output=True, timeout=LONGEST_S).stdout
