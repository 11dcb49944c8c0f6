"""Files in a folder.

A file is written under a temporary name, flushed to the disk (fsync), then moved to its own name,
and the folder flushed too: a reader sees all of it or nothing, and what `write` has returned from
survives a killed process and a power cut.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protege.errors import Conflict, Missing, Unavailable
from protege.storage.embedded.paths import FILE, folded, key_of, path_of
from protege.storage.limits import check_key

UNFINISHED = "%new"
"""The folder of temporary files; no key's folder can be called so."""
ABANDONED_S = 3600
"""A temporary file as old as this was left behind by a process that died."""


class FolderFiles:
    """Bytes under keys, each a file beneath `root`. Raises Unavailable (disk full, no rights)."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unfinished = root / UNFINISHED
        with _troubles():
            self._unfinished.mkdir(parents=True, exist_ok=True)
            self._sweep()

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing, ValueError."""
        check_key(key)
        with _troubles():
            try:
                return path_of(self._root, key).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                raise Missing(key) from None

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all. Raises Conflict, ValueError."""
        check_key(key)
        with _troubles():
            target = path_of(self._root, key)
            _make(target.parent)
            unfinished = self._unfinished / os.urandom(12).hex()
            try:
                _write(unfinished, body)
                _publish(unfinished, target, once)
            finally:
                unfinished.unlink(missing_ok=True)
            _flush(target.parent)

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""
        with _troubles():
            found = sorted(_under(self._root, "", prefix))
        yield from found

    def delete(self, key: str) -> None:
        """Remove the file; no error where there is none. Raises ValueError."""
        check_key(key)
        with _troubles():
            target = path_of(self._root, key)
            try:
                target.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return
            _flush(target.parent)

    def _sweep(self) -> None:
        for path in self._unfinished.iterdir():
            try:
                if path.stat().st_mtime < time.time() - ABANDONED_S:
                    path.unlink()
            except FileNotFoundError:  # its writer has just finished
                continue


def _under(folder: Path, quoted: str, prefix: str) -> Iterator[str]:
    """Keys beneath a folder, without looking into folders that cannot hold any."""
    with os.scandir(folder) as entries:
        for entry in entries:
            longer = folded(quoted, entry.name)
            key = key_of(longer)
            if entry.name.startswith(FILE):
                if key.startswith(prefix):
                    yield key
            elif entry.name != UNFINISHED and (key.startswith(prefix) or prefix.startswith(key)):
                yield from _under(Path(entry.path), longer, prefix)


def _make(folder: Path) -> None:
    """Make a folder and those above it; flush each into the one that holds it."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush(folder.parent)


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _publish(unfinished: Path, target: Path, once: bool) -> None:
    if not once:
        unfinished.replace(target)
        return
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise Conflict(f"{target.name} exists") from None


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the folder of files: {error}") from error
