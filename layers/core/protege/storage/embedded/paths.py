"""How keys are named on disk.

In S3 `a` and `a/b` live side by side, so files and folders need different names: `guilds/1/v.json`
is `guilds/1/=v.json`. Everything but a-z, 0-9, `.`, `_` and `-` is written as %xx (disks of some
laptops do not tell `A` from `a`), and a part that grows too long for one name continues in a
folder: `start%/=end`.
"""

import re
from pathlib import Path
from urllib.parse import unquote

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


def folded(quoted: str, name: str) -> str:
    """The quoted key so far, with the name of a file or folder in it added."""
    if name.startswith(FILE):
        return quoted + name[len(FILE) :]
    return quoted + name[: -len(MORE)] if name.endswith(MORE) else f"{quoted}{name}/"


def key_of(quoted: str) -> str:
    """The key; where `quoted` stops in the middle of a letter, all up to that letter."""
    whole = re.sub(r"%[0-9a-f]?$", "", quoted)
    return unquote(whole, errors="ignore")


def _pieces(part: str) -> list[str]:
    quoted = _quoted(lambda found: b"%%%02x" % found[0][0], part.encode()).decode()
    return [quoted[at : at + NAME_MAX] for at in range(0, len(quoted), NAME_MAX)]
