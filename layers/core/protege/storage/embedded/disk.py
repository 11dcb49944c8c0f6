"""Writing to a disk so that a file is whole or not there.

A file is written under a temporary name, flushed to the disk (fsync), then moved to its own name,
and the folder flushed too: a reader sees all of it or nothing, and what `place` has returned from
survives a killed process and a power cut.
"""

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from protege.errors import Conflict, Unavailable

NEW, GONE, PARTS = "%new", "%gone", "%parts"
"""Folders of temporary files, deleted files and parts; no key's folder can be called so."""
HIDDEN = frozenset({NEW, GONE, PARTS})


def place(target: Path, chunks: Iterable[bytes], new: Path, *, once: bool = False) -> int:
    """Write a file by way of the folder `new`; return its size. Raises Conflict."""
    make(target.parent)
    unfinished = new / os.urandom(12).hex()
    try:
        size = _write(unfinished, chunks)
        publish(unfinished, target, once=once)
    finally:
        unfinished.unlink(missing_ok=True)
    flush(target.parent)
    return size


def publish(unfinished: Path, target: Path, *, once: bool) -> None:
    """Give a file its name; with `once`, raise Conflict where the name is taken."""
    if not once:
        unfinished.replace(target)
        return
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise Conflict(f"{target.name} exists") from None


def read(path: Path, chunk: int) -> Iterator[bytes]:
    """The bytes of a file, so many at a time."""
    with path.open("rb") as file:
        while body := file.read(chunk):
            yield body


def make(folder: Path) -> None:
    """Make a folder and those above it; flush each into the one that holds it."""
    if folder.is_dir():
        return
    make(folder.parent)
    folder.mkdir(exist_ok=True)
    flush(folder.parent)


def flush(folder: Path) -> None:
    """Let the disk keep which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, older_s: float) -> None:
    """Remove what nobody has touched for so long."""
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime >= time.time() - older_s:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        except FileNotFoundError:  # its writer has just finished
            continue


@contextmanager
def troubles() -> Iterator[None]:
    """Turn the disk's errors into Unavailable."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the folder of files: {error}") from error


def _write(path: Path, chunks: Iterable[bytes]) -> int:
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
