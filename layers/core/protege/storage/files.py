"""Files: bytes under keys, and what can be asked of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol


class Stat(NamedTuple):
    """A file from outside. `size`: bytes; `modified_at`: seconds since the epoch."""

    key: str
    size: int
    modified_at: float


class Buried(NamedTuple):
    """A deleted file that can be restored. `buried_at`: seconds since the epoch."""

    key: str
    version: str
    size: int
    buried_at: float


class Listing(Protocol):
    """All that the ingress needs of files: what to suggest while a person types."""

    def browse(self, prefix: str, limit: int = 100) -> Sequence[str]:
        """What comes next after a prefix, in order: keys of files, folders with a slash at the end.

        Of `a/b/c`, `a/d` and `ax`, `browse("a/")` shows `a/b/` and `a/d`, `browse("a")` shows
        `a/` and `ax`. At most `limit` (1 to 1,000).
        """


class Files(Listing, Protocol):
    """Bytes under keys such as `guilds/1/models/v3/manifest.json`."""

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing."""

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all; with `once`, raise Conflict where one exists."""

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""

    def delete(self, key: str, *, forever: bool = False) -> None:
        """Remove the file; no error where there is none.

        For 30 days it can be restored, unless `forever`: then what was deleted or replaced under
        this key before goes too.
        """

    def stat(self, key: str) -> Stat:
        """The file from outside. Raises Missing."""

    def list(self, prefix: str) -> Iterator[Stat]:
        """Every file whose key starts with `prefix`, in order of code points."""

    def part(self, key: str, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` where the file ends. Raises Missing."""

    def stream(self, key: str, chunk: int = 1 << 20) -> Iterator[bytes]:
        """The file, `chunk` bytes at a time. Raises Missing when the first is asked for."""

    def copy(self, source: str, target: str) -> None:
        """Store the same bytes under another key, replacing what is there. Raises Missing."""

    def link(self, key: str, *, seconds: int, name: str) -> str:
        """An address at which anybody may download the file for so long, under a name."""

    def buried(self, prefix: str) -> Iterator[Buried]:
        """Deleted files that can be restored, newest first."""

    def restore(self, key: str, version: str) -> None:
        """Bring a deleted file back. Raises Conflict where a file is there now; Missing."""

    def begin(self, key: str) -> str:
        """Begin to store a file in parts; return the upload's id, good for a day."""

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Store part `number` (1 to 10,000); return its tag. Raises Missing (no such upload).

        All but the last have at least 5 MiB. A part may be sent again; the tag says which counts.
        """

    def finish(self, key: str, upload: str, tags: Sequence[str]) -> None:
        """The parts, in order, become the file: whole, or not at all. Raises Missing."""

    def abandon(self, key: str, upload: str) -> None:
        """Forget the parts of an upload; no error where there is none."""

    def write_stream(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store the file whole or not at all in flat memory; return its size in bytes."""
