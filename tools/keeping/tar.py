"""A tar file that grows entry by entry, and goes on where a killed process left it."""

import hashlib
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Protocol, cast

BLOCK = tarfile.BLOCKSIZE
CHUNK = 1 << 20
SUMS = "SHA256SUMS"


class Changed(Exception):
    """A file did not have as many bytes as was said before."""


class Damaged(Exception):
    """An archive is not what it was when it was written; the message says where."""


class Entry(NamedTuple):
    """A file in an archive; `body` can be read until the next is asked for."""

    name: str
    size: int
    body: IO[bytes]


class Growing:
    """An archive that is being written, under its name and `.part` until it is whole.

    A context manager, as it holds a file open.
    """

    def __init__(self, path: Path) -> None:
        """Go on with what is there of it. Raises OSError."""
        self._path, self._part = path, begun(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.touch(mode=0o600)  # it holds what people wrote
        self.sums: dict[str, str] = {}
        end = 0
        for name, found, ends in _whole(self._part):
            self.sums[name], end = found, ends
        self._file = self._part.open("r+b")
        self._file.truncate(end)
        self._file.seek(end)

    def __enter__(self) -> "Growing":
        return self

    def __exit__(self, *of: object) -> None:
        self._file.close()

    def add(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """Add an entry of `size` bytes. Raises Changed, with the archive as it was before."""
        begun = self._file.tell()
        entry = tarfile.TarInfo(name)
        entry.size = size
        self._file.write(entry.tobuf(tarfile.PAX_FORMAT))
        digest, written = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            written += self._file.write(chunk)
        if written != size:
            self._file.seek(begun)
            self._file.truncate()
            raise Changed(f"{name} has {written} bytes, not {size}")
        self._file.write(b"\0" * (-size % BLOCK))
        self.sums[name] = digest.hexdigest()

    def over(self) -> None:
        """Forget all of it."""
        self.sums.clear()
        self._file.seek(0)
        self._file.truncate()

    def finish(self) -> None:
        """The archive is whole: give it its name."""
        sums = "".join(f"{digest}  {name}\n" for name, digest in self.sums.items()).encode()
        self.add(SUMS, len(sums), [sums])
        self._file.write(b"\0" * 2 * BLOCK)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self._path)


def begun(path: Path) -> Path:
    """Where an archive lies until it is whole."""
    return path.with_name(f"{path.name}.part")


def entries(path: Path) -> Iterator[Entry]:
    """Everything in an archive, in order. Raises OSError, Damaged."""
    with _damages(path), tarfile.open(path, "r:") as archive:
        for entry in archive:
            if not entry.isreg():
                raise Damaged(f"{path}: {entry.name} is no file")
            yield Entry(entry.name, entry.size, cast(IO[bytes], archive.extractfile(entry)))
            archive.members.clear()  # type: ignore[attr-defined]  # it would keep all of them


@contextmanager
def _damages(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(f"{path} is not whole: {error}") from None


def check(path: Path) -> dict[str, int]:
    """Sizes of all entries by name, once every one has its checksum. Raises OSError, Damaged."""
    sums, sizes, wanted = {}, {}, b""
    with _damages(path):
        for entry in entries(path):
            if entry.name == SUMS:
                wanted = entry.body.read()
                continue
            sums[entry.name], sizes[entry.name] = digest(entry.body), entry.size
    if not wanted:
        raise Damaged(f"{path} is not whole: it ends without {SUMS}")
    said = (line.partition("  ") for line in wanted.decode().splitlines())
    listed = {name: digest for digest, _, name in said}
    wrong = sorted({name for name, _ in listed.items() ^ sums.items()})
    if wrong:
        raise Damaged(f"{path}: {wrong[0]} and {len(wrong) - 1} more are not what they were")
    return sizes


class Readable(Protocol):
    """What can be read bytes by bytes; b"" is its end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`."""


def digest(body: Readable) -> str:
    """SHA-256 of the rest of a file, in hex."""
    found = hashlib.sha256()
    while chunk := body.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()


def _whole(part: Path) -> Iterator[tuple[str, str, int]]:
    """(name, digest, where it ends) of the entries that were written to their ends."""
    there = part.stat().st_size
    try:
        with tarfile.open(part, "r:") as archive:
            for entry in archive:
                end = entry.offset_data + entry.size + -entry.size % BLOCK
                if end > there or entry.name == SUMS:
                    return
                yield entry.name, digest(cast(IO[bytes], archive.extractfile(entry))), end
    except (tarfile.TarError, EOFError):
        return
