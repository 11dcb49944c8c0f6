"""`make restore-all`: what is in an archive into a new stack, a folder, or where it came from.

First every checksum is tried, and everything compared with what is there; where anything there
differs, nothing is written unless that is forced. What is there and not in the archive stays.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from protege.errors import BotError
from protege.storage.limits import check_key, pack
from tools.keeping.export import ABOUT, FILES, FORMAT, RECORDS
from tools.keeping.places import GUILDS, Place, place
from tools.keeping.progress import Progress
from tools.keeping.rows import Row, row
from tools.keeping.tar import CHUNK, Damaged, Entry, check, digest, entries


class Differs(Exception):
    """What is there is not what is in the archive; the message says how much."""


class Archive(NamedTuple):
    """An archive whose checksums hold, or one server's part of it."""

    path: Path
    guild: str

    def rows(self) -> Iterator[Row]:
        """Its records. Raises Damaged."""
        for entry in entries(self.path):
            if entry.name.startswith(RECORDS):
                found = (_row(self.path, line) for line in entry.body)
                yield from (one for one in found if not self.guild or one.guild == self.guild)

    def files(self) -> Iterator[tuple[str, Entry]]:
        """Keys and files. Raises Damaged."""
        prefix = f"{GUILDS}{self.guild}/" if self.guild else GUILDS
        for entry in entries(self.path):
            key = entry.name.removeprefix(FILES)
            if entry.name.startswith(FILES) and key.startswith(prefix):
                check_key(key)
                yield key, entry


class There(NamedTuple):
    """What is where the archive is to go: the same as in it, or under the same name another."""

    same: frozenset[tuple[str, str]]
    other: frozenset[tuple[str, str]]


def restore(path: Path, to: Place, guild: str = "", *, force: bool = False) -> Progress:
    """Write what is missing (`force`: and what differs); return what was written.

    Raises Damaged and Differs, before anything is written; ValueError for a key that nobody may
    have; Unavailable, OSError.
    """
    archive = opened(path, guild)
    there = _there(archive, to)
    if there.other and not force:
        raise Differs(_told(there.other))
    progress = Progress("written")
    to.put(_missing(archive, there, progress))
    for key, entry in archive.files():
        if ("", key) not in there.same:
            to.files.write_stream(key, iter(lambda: entry.body.read(CHUNK), b""))  # noqa: B023
            progress.add(entry.size)
    if any(one.kind == "running" for one in archive.rows()):
        to.wake()
    progress.over()
    return progress


def opened(path: Path, guild: str = "") -> Archive:
    """An archive that is whole. Raises Damaged, OSError."""
    if ABOUT not in check(path):
        raise Damaged(f"{path} is no archive of a bot")
    about = next(json.load(entry.body) for entry in entries(path) if entry.name == ABOUT)
    if about.get("format") != FORMAT:
        raise Damaged(f"{path} has format {about.get('format')}; this version knows {FORMAT}")
    return Archive(path, guild)


def _there(archive: Archive, to: Place) -> There:
    records = {(one.kind, one.id): hash(pack(one.fields)) for one in to.rows()}
    sizes = {stat.key: stat.size for stat in to.files.list(GUILDS)}
    same: set[tuple[str, str]] = set()
    other: set[tuple[str, str]] = set()
    for one in archive.rows():
        name = one.kind, one.id
        if name in records:
            (same if records[name] == hash(pack(one.fields)) else other).add(name)
    for key, entry in archive.files():
        if key in sizes:
            alike = sizes[key] == entry.size and digest(entry.body) == _digest(to, key)
            (same if alike else other).add(("", key))
    return There(frozenset(same), frozenset(other))


def _digest(to: Place, key: str) -> str:
    return digest(_Stream(to.files.stream(key)))


class _Stream:
    """Chunks, to be read as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, size: int) -> bytes:
        return next(self._chunks, b"")


def _missing(archive: Archive, there: There, progress: Progress) -> Iterator[Row]:
    for one in archive.rows():
        if (one.kind, one.id) not in there.same:
            progress.add(len(one.line()))
            yield one


def _told(other: frozenset[tuple[str, str]]) -> str:
    examples = ", ".join(f"{kind} {id}".strip() for kind, id in sorted(other)[:3])
    return (
        f"{len(other)} records and files there differ from the archive's ({examples} …). "
        "Nothing was written; FORCE=1 replaces them."
    )


def _row(path: Path, line: bytes) -> Row:
    try:
        return row(line)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path}: a record is none: {type(error).__name__}") from None


def main(arguments: list[str]) -> int:
    """0 where all of it is there now."""
    parser = argparse.ArgumentParser("tools.keeping.restore", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--stack", default="", help="on AWS; else into the folder")
    parser.add_argument("--folder", default=".data", help="DATA_DIR of a bot on one machine")
    parser.add_argument("--guild", default="", metavar="ID", help="only this server")
    parser.add_argument("--force", action="store_true", help="replace what differs")
    asked = parser.parse_args(arguments)
    try:
        if not asked.archive.is_file():
            raise FileNotFoundError(f"{asked.archive} is no archive (FROM=file.tar)")
        to = place(asked.stack, asked.folder, new=True)
        restore(asked.archive, to, asked.guild, force=asked.force)
    except (BotError, OSError, Damaged, Differs, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
