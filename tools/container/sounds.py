"""A second of sound in each kind of file that people attach, as the image's own ffmpeg reads it."""

import base64
import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.container.running import Running

KINDS = {
    "voice.ogg": ("libopus",),
    "vorbis.ogg": ("libvorbis",),
    "song.mp3": ("libmp3lame",),
    "phone.m4a": ("aac",),
    "lossless.m4a": ("alac",),
    "clip.mp4": ("aac",),
    "clip.webm": ("libopus",),
    "plain.wav": ("pcm_s16le",),
    "studio.wav": ("pcm_s24le",),
    "old.wav": ("adpcm_ms",),
    "music.flac": ("flac",),
}
SECONDS, HZ, WIDTH = 1, 16_000, 2
TONE = ("-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={SECONDS}")
READ = """
import base64, json, sys
from protege.errors import UserError
from protege.sounds import samples
def length(name, body):
    try:
        return len(samples(name, base64.b64decode(body), 10.0))
    except UserError:
        return 0
print(json.dumps({name: length(name, body) for name, body in json.load(sys.stdin).items()}))
"""


def made() -> dict[str, bytes]:
    """A file of each kind. Raises CalledProcessError, or FileNotFoundError without ffmpeg."""
    found = {}
    with TemporaryDirectory(prefix="protege-sounds-") as folder:
        for name, (codec,) in KINDS.items():
            path = Path(folder) / name
            command = ["ffmpeg", "-v", "error", "-nostdin", *TONE, "-c:a", codec, str(path)]
            subprocess.run(command, check=True)
            found[name] = path.read_bytes()
    return found


def unread(container: Running) -> list[str]:
    """The kinds that do not come out as a second of sound there. Raises Failed."""
    given = {name: base64.b64encode(body).decode() for name, body in made().items()}
    told = container.inside("python", "-c", READ, given=json.dumps(given).encode())
    lengths: dict[str, int] = json.loads(told)
    wanted = SECONDS * HZ * WIDTH
    return [name for name, length in lengths.items() if abs(length - wanted) > wanted * 0.1]
