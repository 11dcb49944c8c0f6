"""Sound files: how long they are, and what they hold as plain samples.

They come from strangers. ffmpeg is told which formats may be in them (a playlist could name other
files), reads nothing but the one file, and stops at a length, a size and a time that are set: a
small file may unpack to hours.
"""

import io
import subprocess
import tempfile
from pathlib import PurePath

from protege.children import environment
from protege.config import ConfigError
from protege.errors import UserError
from protege.text import Text

ENDINGS = frozenset({".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".webm"})
HZ, WIDTH = 16_000, 2
FORMATS = "ogg,mp3,mov,mp4,m4a,wav,flac,matroska,webm"
"""ffmpeg's names of the containers that may be opened."""
WITHIN_S = 30.0
"""Longest that unpacking may take; five minutes of mp3 take 0.4 s."""
SLACK_S = 1
"""Unpacked beyond the limit, to tell that it is exceeded."""
PIECE_S, PAUSE_MS = 25.0, 400
"""A long sound is cut where nobody speaks, into pieces of at most so long."""
QUIET_DB = 16.0
"""So far below the mean loudness nobody speaks ..."""
QUIETEST_DBFS = -50.0
"""... or below this."""
MARGIN_MS = 200
NO_FFMPEG = "sound files need ffmpeg: install it (apt-get install ffmpeg)"
BROKEN = Text(
    "I cannot find any sound in “{name}”. I know ogg, mp3, m4a, wav, flac and webm.",
    "Не нахожу звука в «{name}». Я понимаю ogg, mp3, m4a, wav, flac и webm.",
)
TOO_LONG = Text(
    "“{name}” is longer than {most} s, the most I listen to.",
    "«{name}» длиннее {most} с — столько я не слушаю.",
)


def is_sound(name: str) -> bool:
    """Whether a file's name ends as a sound's."""
    return ending(name) in ENDINGS


def ending(name: str) -> str:
    """Of a file's name, in lower case, with its dot."""
    return PurePath(name).suffix.lower()


def length_s(body: bytes) -> float | None:
    """Seconds that a file says it lasts; None where it does not say, or is of another kind.

    A file may lie: what is paid for or unpacked is counted anew.
    """
    import mutagen

    try:
        found = mutagen.File(io.BytesIO(body))
    except Exception:  # broken files raise whatever the parser stumbled over
        return None
    seconds = getattr(getattr(found, "info", None), "length", None)
    return float(seconds) if seconds else None


def check_length(name: str, seconds: float | None, most_s: float) -> None:
    """Raises UserError where it is known to be too long."""
    if seconds is not None and seconds > most_s:
        raise UserError(TOO_LONG, name=name, most=f"{most_s:g}")


def samples(name: str, body: bytes, most_s: float) -> bytes:
    """What a sound file holds: 16 kHz mono s16le.

    Raises UserError where it holds no sound or lasts too long, ConfigError without ffmpeg.
    """
    check_length(name, length_s(body), most_s)
    with tempfile.NamedTemporaryFile(suffix=".sound") as file:  # m4a cannot be read from a pipe
        file.write(body)
        file.flush()
        pcm = _unpacked(file.name, most_s + SLACK_S)
    if not pcm:
        raise UserError(BROKEN, name=name)
    check_length(name, len(pcm) / WIDTH / HZ, most_s)
    return pcm


def _unpacked(path: str, most_s: float) -> bytes:
    command = [
        *("ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-max_alloc", str(64 << 20)),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{path}"),
        *("-map", "0:a:0", "-t", f"{most_s:g}", "-ac", "1", "-ar", str(HZ)),
        *("-fs", str(int(most_s * HZ) * WIDTH), "-protocol_whitelist", "pipe", "-f", "s16le", "-"),
    ]
    try:
        found = subprocess.run(  # noqa: S603  # a path of ours
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # of a broken file it may complain without end
            timeout=WITHIN_S,
            env=environment(),
        )
    except FileNotFoundError:
        raise ConfigError(NO_FFMPEG) from None
    except subprocess.TimeoutExpired:
        return b""
    return found.stdout[: len(found.stdout) - len(found.stdout) % WIDTH]


def pieces(pcm: bytes) -> list[bytes]:
    """A sound cut into utterances where nobody speaks, silence left out."""
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

    sound = AudioSegment(data=pcm, sample_width=WIDTH, frame_rate=HZ, channels=1)
    quiet = max(QUIETEST_DBFS, sound.dBFS - QUIET_DB)
    spans = detect_nonsilent(sound, min_silence_len=PAUSE_MS, silence_thresh=quiet, seek_step=10)
    found = []
    for start, end in spans:
        whole = sound[max(0, start - MARGIN_MS) : end + MARGIN_MS].raw_data
        most = int(PIECE_S * HZ) * WIDTH
        found += [whole[at : at + most] for at in range(0, len(whole), most)]
    return found
