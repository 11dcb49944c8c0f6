"""Files in a folder; how they get there whole: see `disk`."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from protege.errors import Missing
from protege.storage import Buried, Stat
from protege.storage.embedded.disk import NEW, flush, place, read, sweep, troubles
from protege.storage.embedded.links import Links
from protege.storage.embedded.paths import next_after, path_of, under
from protege.storage.embedded.trash import Trash
from protege.storage.embedded.uploads import Uploads
from protege.storage.limits import check_key, check_part

ABANDONED_S = 3600
"""A temporary file as old as this was left behind by a process that died."""


class FolderFiles:
    """Bytes under keys, each a file beneath `root`. Raises Unavailable (disk full, no rights)."""

    def __init__(
        self, root: Path, links: Links | None = None, now: Callable[[], float] = time.time
    ) -> None:
        """`links`: makes the addresses of downloads; without it they lead nowhere."""
        self._root = root
        self._new = root / NEW
        self._links = links or Links(root.with_name("links.key"), "", now)
        with troubles():
            self._new.mkdir(parents=True, exist_ok=True)
            sweep(self._new, ABANDONED_S)
            self._trash = Trash(root, now)
            self._uploads = Uploads(root)

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing, ValueError."""
        with troubles():
            try:
                return self._path(key).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                raise Missing(key) from None

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all. Raises Conflict, ValueError."""
        with troubles():
            place(self._path(key), [body], self._new, once=once)

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""
        with troubles():
            found = sorted(key for key, _ in under(self._root, "", prefix))
        yield from found

    def delete(self, key: str, *, forever: bool = False) -> None:
        """Remove the file; no error where there is none. Raises ValueError."""
        path = self._path(key)
        with troubles():
            if not forever:
                self._trash.bury(key)
                return
            self._trash.forget(key)
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return
            flush(path.parent)

    def stat(self, key: str) -> Stat:
        """The file from outside. Raises Missing, ValueError."""
        with troubles():
            try:
                found = self._path(key).stat()
            except (FileNotFoundError, NotADirectoryError):
                raise Missing(key) from None
        return Stat(key, found.st_size, found.st_mtime)

    def list(self, prefix: str) -> Iterator[Stat]:
        """Every file whose key starts with `prefix`, in order of code points."""
        for key in self.names(prefix):
            try:
                found = self.stat(key)
            except Missing:  # deleted a moment ago
                continue
            yield found

    def browse(self, prefix: str, limit: int = 100) -> Sequence[str]:
        """Files and folders that come next after a prefix, in order; at most `limit`."""
        with troubles():
            return sorted(next_after(self._root, "", prefix))[:limit]

    def part(self, key: str, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` at the end. Raises Missing, ValueError."""
        with troubles():
            try:
                with self._path(key).open("rb") as file:
                    file.seek(start)
                    return file.read(length)
            except (FileNotFoundError, NotADirectoryError):
                raise Missing(key) from None

    def stream(self, key: str, chunk: int = 1 << 20) -> Iterator[bytes]:
        """The file, `chunk` bytes at a time. Raises Missing, ValueError."""
        path = self._path(key)
        with troubles():
            try:
                yield from read(path, chunk)
            except (FileNotFoundError, NotADirectoryError):
                raise Missing(key) from None

    def copy(self, source: str, target: str) -> None:
        """Store the same bytes under another key. Raises Missing, ValueError."""
        self.write_stream(target, self.stream(source))

    def link(self, key: str, *, seconds: int, name: str) -> str:
        """An address that our own endpoint serves (server/downloads.py). Raises ValueError."""
        return self._links.make(key, seconds=seconds, name=name)

    def buried(self, prefix: str) -> Iterator[Buried]:
        """Deleted files that can be restored, newest first."""
        with troubles():
            found = self._trash.found(prefix)
        yield from found

    def restore(self, key: str, version: str) -> None:
        """Bring a deleted file back. Raises Conflict, Missing, ValueError."""
        check_key(key)
        with troubles():
            self._trash.restore(key, version)

    def begin(self, key: str) -> str:
        """Begin to store a file in parts; return the upload's id. Raises ValueError."""
        check_key(key)
        with troubles():
            return self._uploads.begin(key)

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Store a part; return its tag. Raises Missing, ValueError."""
        check_part(number)
        with troubles():
            return self._uploads.put(key, upload, number, body, self._new)

    def finish(self, key: str, upload: str, tags: Sequence[str]) -> None:
        """The parts become the file. Raises Missing, ValueError."""
        path = self._path(key)
        with troubles():
            place(path, self._uploads.body(key, upload, tags), self._new)
            self._uploads.forget(key, upload)

    def abandon(self, key: str, upload: str) -> None:
        """Forget the parts of an upload."""
        with troubles():
            self._uploads.forget(key, upload)

    def write_stream(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store the file whole or not at all; return its size in bytes. Raises ValueError."""
        with troubles():
            return place(self._path(key), chunks, self._new)

    def _path(self, key: str) -> Path:
        check_key(key)
        return path_of(self._root, key)
