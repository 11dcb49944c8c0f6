"""Handing files out: the bytes themselves where they fit a message, else a link that soon ends."""

from collections.abc import Iterable
from typing import NamedTuple

from protege.storage import Files

LINK_S = 15 * 60
"""How long a link works: long enough to press it, too short to pass it on."""

LARGEST = 25 << 20
"""Bytes that are sent in a message at most, whatever it takes: they are held in memory."""


class Given(NamedTuple):
    """A file for a person: `body` where it fits (then `link` is empty), else `link`."""

    name: str
    size: int
    body: bytes | None
    link: str


class Sharing:
    """Gives files of the store; keys are checked by whoever asks."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def write(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store a file to be given; return its size in bytes."""
        return self._files.write_stream(key, chunks)

    def give(self, key: str, name: str, limit: int) -> Given:
        """The file under `key` as `name`; `limit`: most bytes a message takes. Raises Missing."""
        size = self._files.stat(key).size
        if size <= min(limit, LARGEST):
            return Given(name, size, self._files.read(key), "")
        return Given(name, size, None, self._files.link(key, seconds=LINK_S, name=name))
