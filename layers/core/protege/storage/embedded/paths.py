"""How keys are named on disk.

In S3 `a` and `a/b` live side by side, so files and folders need different names: `guilds/1/v.json`
is `guilds/1/=v.json`. Everything but a-z, 0-9, `.`, `_` and `-` is written as %xx (disks of some
laptops do not tell `A` from `a`), and a part that grows too long for one name continues in a
folder: `start%/=end`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from protege.storage.embedded.disk import HIDDEN

FILE = "="
MORE = "%"
"""At the end of a folder's name: the next name continues the same part of the key."""
NAME_MAX = 200
"""Bytes in one name; file systems allow 255."""
_quoted = re.compile(rb"[^a-z0-9._-]").sub


def path_of(root: Path, key: str) -> Path:
    """Where a key's bytes are; the key has been checked."""
    names: list[str] = []
    for part in key.split("/"):
        pieces = _pieces(part)
        names += [piece + MORE for piece in pieces[:-1]] + pieces[-1:]
    return root.joinpath(*names[:-1], FILE + names[-1])


def under(folder: Path, quoted: str, prefix: str) -> Iterator[tuple[str, Path]]:
    """(key, path) of files beneath a folder, without looking where none can have the prefix."""
    for longer, entry in _entries(folder, quoted):
        key = key_of(longer)
        if entry.name.startswith(FILE):
            if key.startswith(prefix):
                yield key, Path(entry.path)
        elif key.startswith(prefix) or prefix.startswith(key):
            yield from under(Path(entry.path), longer, prefix)


def next_after(folder: Path, quoted: str, prefix: str) -> Iterator[str]:
    """Keys of files, and folders that hold any with a slash at the end, right after a prefix."""
    for longer, entry in _entries(folder, quoted):
        key = key_of(longer)
        if entry.name.startswith(FILE):
            if key.startswith(prefix):
                yield key
        elif key.startswith(prefix) and "/" in key[len(prefix) :]:
            if any(under(Path(entry.path), longer, prefix)):
                yield key
        elif key.startswith(prefix) or prefix.startswith(key):
            yield from next_after(Path(entry.path), longer, prefix)


def folded(quoted: str, name: str) -> str:
    """The quoted key so far, with the name of a file or folder in it added."""
    if name.startswith(FILE):
        return quoted + name[len(FILE) :]
    return quoted + name[: -len(MORE)] if name.endswith(MORE) else f"{quoted}{name}/"


def key_of(quoted: str) -> str:
    """The key; where `quoted` stops in the middle of a letter, all up to that letter."""
    whole = re.sub(r"%[0-9a-f]?$", "", quoted)
    return unquote(whole, errors="ignore")


def _entries(folder: Path, quoted: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name not in HIDDEN:
                yield folded(quoted, entry.name), entry


def _pieces(part: str) -> list[str]:
    quoted = _quoted(lambda found: b"%%%02x" % found[0][0], part.encode()).decode()
    return [quoted[at : at + NAME_MAX] for at in range(0, len(quoted), NAME_MAX)]
