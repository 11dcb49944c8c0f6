"""The entries of a ZIP. It is put on disk first: its table of contents stands at the end."""

import zlib
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from protege.datasets.reading.binary import OFFICE
from protege.datasets.reading.limits import Limits
from protege.datasets.reading.words import (
    BROKEN_ARCHIVE,
    ENCRYPTED,
    NO_TEXT_INSIDE,
    STRANGE_METHOD,
    TOO_LARGE_PACKED,
    TOO_LARGE_UNPACKED,
    TOO_MANY_FILES,
    filled,
    not_text,
)
from protege.datasets.rows import Problem
from protege.text import Text

CHUNK = 1 << 16
IN_MEMORY = 4 << 20
DIRECTORY = 2 << 20
"""Bytes of the longest table of contents that is read: some 20,000 entries of ordinary names."""
GRACE = 1 << 20
"""Bytes that may come out of an archive whatever the ratio: small files pack very well."""
METHODS = (ZIP_STORED, ZIP_DEFLATED)
"""Not BZIP2, which zipfile unpacks without a bound, nor LZMA: the archive says how much memory."""
BROKEN = (BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, IndexError)
"""zipfile raises all of these for damaged or unusual archives."""
OFFICE_NAMES = frozenset({"[Content_Types].xml", "mimetype"})
LONGEST_NAME = 200


class Trouble(Exception):
    """An archive cannot be read any further."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Unpacking:
    """What may still come out of a file's archives, all together."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.unpacked

    def archive(self, packed: int) -> "Archive":
        """The share of one archive of so many bytes."""
        return Archive(self, packed)


class Archive:
    """One archive's share: bounded by its own size, too. `packed`: bytes of it seen so far."""

    def __init__(self, budget: Unpacking, packed: int) -> None:
        self.packed = packed
        self._budget = budget
        self._came = 0

    def counted(self, found: bytes) -> bytes:
        """The bytes, if they still may come out. Raises Trouble."""
        self._came += len(found)
        self._budget.left -= len(found)
        most = GRACE + self.packed * self._budget.limits.ratio
        if self._budget.left < 0 or self._came > most:
            raise Trouble(TOO_LARGE_UNPACKED)
        return found


class Entry(NamedTuple):
    """`chunks` raises Trouble."""

    name: str
    chunks: Iterator[bytes]


class Bounded:
    """A file on disk that gives no more at once than a table of contents may have."""

    def __init__(self, disk: IO[bytes]) -> None:
        self._disk = disk
        self.seek, self.tell, self.seekable = disk.seek, disk.tell, disk.seekable

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes. Raises BadZipFile for too many."""
        found = self._disk.read(size if 0 <= size <= DIRECTORY else DIRECTORY + 1)
        if len(found) > DIRECTORY:
            raise BadZipFile("a table of contents out of all proportion")
        return found


def entries(
    chunks: Iterable[bytes], name: str, budget: Unpacking, *, outermost: bool
) -> Iterator[Entry | Problem]:
    """The files in a ZIP; their names are shown and never used as paths.

    Raises NotText for an office document, if that is the whole file and not inside another.
    """
    with SpooledTemporaryFile(IN_MEMORY) as disk:
        size = _kept(chunks, disk, budget.limits.packed)
        if size is None:
            yield Problem(0, filled(TOO_LARGE_PACKED, limit=budget.limits.packed >> 20), name)
            return
        try:
            archive = ZipFile(Bounded(disk))
        except BROKEN:
            yield Problem(0, BROKEN_ARCHIVE, name)
            return
        if OFFICE_NAMES & set(archive.NameToInfo):
            yield _document(name, outermost)
            return
        yield from _each(archive, name, budget, budget.archive(size))


def _kept(chunks: Iterable[bytes], disk: IO[bytes], most: int) -> int | None:
    """Write it down; how many bytes, None if too many."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            return None
        disk.write(chunk)
    return size


def _document(name: str, outermost: bool) -> Problem:
    if outermost:
        raise not_text(name, OFFICE)
    return Problem(0, filled(NO_TEXT_INSIDE, kind=OFFICE), name)


def _each(
    archive: ZipFile, name: str, budget: Unpacking, share: Archive
) -> Iterator[Entry | Problem]:
    found = [entry for entry in archive.infolist() if _wanted(entry)]
    for entry in found[: budget.limits.entries]:
        shown = f"{name} › {_shown(entry)}"
        if entry.flag_bits & 1:
            yield Problem(0, ENCRYPTED, shown)
        elif entry.compress_type not in METHODS:
            yield Problem(0, STRANGE_METHOD, shown)
        else:
            yield Entry(shown, _chunks(archive, entry, share))
    if len(found) > budget.limits.entries:
        yield Problem(0, filled(TOO_MANY_FILES, limit=budget.limits.entries), name)


def _chunks(archive: ZipFile, entry: ZipInfo, share: Archive) -> Iterator[bytes]:
    try:
        with archive.open(entry) as file:
            while found := file.read(CHUNK):
                yield share.counted(found)
    except BROKEN:
        raise Trouble(BROKEN_ARCHIVE) from None


def _wanted(entry: ZipInfo) -> bool:
    """Not a folder, nor what macOS and Windows add unasked."""
    last = entry.filename.rpartition("/")[2]
    hidden = last.startswith(".") or last in ("Thumbs.db", "desktop.ini")
    return not (entry.is_dir() or hidden or entry.filename.startswith("__MACOSX/"))


def _shown(entry: ZipInfo) -> str:
    """The name for people: Windows in Russian writes cp866 and does not say so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        name = name.encode("cp437", "replace").decode("cp866", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:LONGEST_NAME])
