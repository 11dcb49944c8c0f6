"""What was spoken before, in files that survive a restart.

A file is found by its exact text only, and its name is a hash: nobody can list from it what was
said elsewhere. Two servers with the same sentence share its sound, which tells neither anything.
"""

import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from protege.journal import note
from voice_worker.speaking.manner import Manner

KEPT_S = 30 * 86400
"""What nobody said for so long is forgotten."""
ROOM_LEFT = 0.9
"""How full it is after it was full."""
KEY = 64
"""Letters of a key."""
HEAD = b"protege speech 1\n"
"""Begins every file; to be changed when what the files hold does."""


class Cache:
    """Opus frames by engine, manner and text. For several threads; a broken file is no file."""

    def __init__(self, folder: Path, limit_mb: int) -> None:
        """`limit_mb` 0: keeps nothing."""
        self._folder = folder
        self._limit = limit_mb * 1_000_000
        self._lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sizes = self._found()
        self._tidy()

    def get(self, key: str) -> Sequence[bytes] | None:
        """The frames; None where there are none, or they are broken."""
        path = self._path(key)
        try:
            packed = path.read_bytes()
            frames = _unpacked(packed)
            os.utime(path)
        except OSError:
            return None
        except ValueError:
            note("broken speech dropped")
            self._drop(key)
            return None
        with self._lock:  # the newest is last
            self._sizes.pop(key, None)
            self._sizes[key] = len(packed)
        return frames

    def put(self, key: str, frames: Iterable[bytes]) -> None:
        """Keep frames; where the disk does not let us, it goes without."""
        packed = _packed(frames)
        if len(packed) > self._limit:
            return
        try:
            self._write(self._path(key), packed)
        except OSError as error:
            note("speech not kept", why=type(error).__name__)
            return
        with self._lock:
            self._sizes.pop(key, None)
            self._sizes[key] = len(packed)
        self._tidy()

    def _write(self, path: Path, packed: bytes) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(packed)
        Path(file.name).replace(path)  # whole or not at all

    def _found(self) -> dict[str, int]:
        """Sizes by key, the oldest use first; what is too old, or half written, goes."""
        found = []
        for path in filter(Path.is_file, self._folder.glob("*/*")):
            about = path.stat()
            if len(path.name) == KEY and time.time() - about.st_mtime < KEPT_S:
                found.append((about.st_mtime, path.name, about.st_size))
            else:
                path.unlink(missing_ok=True)
        return {name: size for _, name, size in sorted(found)}

    def _tidy(self) -> None:
        for key in self._too_many():
            self._drop(key)

    def _too_many(self) -> list[str]:
        """What has to go, the longest unused first; some more, so that it is not so soon again."""
        with self._lock:
            total = sum(self._sizes.values())
            going: list[str] = []
            if total <= self._limit:
                return going
            for key, size in self._sizes.items():
                if total <= self._limit * ROOM_LEFT:
                    break
                going.append(key)
                total -= size
            return going

    def _drop(self, key: str) -> None:
        with self._lock:
            self._sizes.pop(key, None)
        with suppress(OSError):
            self._path(key).unlink()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


def key(engine: str, text: str, manner: Manner) -> str:
    """The name under which a text's sound is found."""
    about = json.dumps([engine, manner.voice, manner.language, f"{manner.pace:.2f}", text])
    return hashlib.sha256(about.encode()).hexdigest()


def _packed(frames: Iterable[bytes]) -> bytes:
    body = b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)
    return HEAD + hashlib.sha256(body).digest() + body


def _unpacked(packed: bytes) -> list[bytes]:
    """Raises ValueError where it is not what `_packed` made."""
    digest, body = packed[len(HEAD) : len(HEAD) + 32], packed[len(HEAD) + 32 :]
    if not packed.startswith(HEAD) or hashlib.sha256(body).digest() != digest:
        raise ValueError("broken")
    frames, at = [], 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "big")
        frames.append(body[at + 2 : at + 2 + size])
        at += 2 + size
    return frames
