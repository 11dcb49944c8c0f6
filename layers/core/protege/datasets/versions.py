"""Immutable dataset versions, named by their content, and which of them a guild has selected.

`guilds/<space>/versions/<sha256>/rows.jsonl` is written once; the same rows make the same version.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from protege.datasets.library import Library
from protege.datasets.lines import filter_rows, line, unpack_stream
from protege.datasets.rows import Problem, Row
from protege.errors import Conflict, Missing, UserError
from protege.shapes import shaped
from protege.storage import Files, Record, Records
from protege.text import Text

NAME = re.compile("[0-9a-f]{8,64}").fullmatch
NO_VERSION = Text(
    en="There is no dataset version “{name}” here.", ru="Версии данных «{name}» здесь нет."
)
NO_ROWS = Text(
    en="There is not one good row in “{name}”.", ru="В «{name}» нет ни одной годной строки."
)


class Version(NamedTuple):
    """A frozen dataset. `sha`: SHA-256 of its rows in hex; `at`: seconds since the epoch."""

    sha: str
    source: str
    rows: int
    rejected: int
    by: str
    at: float

    @property
    def name(self) -> str:
        """Short, and enough to find it again."""
        return self.sha[:12]


class Versions:
    """Every guild's dataset versions; `space` is the guild in every call."""

    def __init__(
        self, files: Files, records: Records, now: Callable[[], float] = time.time
    ) -> None:
        self._files = files
        self._records = records
        self._now = now

    def freeze(
        self, space: str, id: str, source: str, items: Iterable[Row | Problem], by: str
    ) -> Version:
        """Make a version of rows that stream by; problems are only counted.

        `id` names the draft, so that two at once do not mix. Raises UserError where no row is good.
        """
        counted = _Counted(items)
        draft = f"guilds/{space}/versions/drafts/{id}.jsonl"
        self._files.write_stream(draft, counted.lines())
        if not counted.rows:
            self._files.delete(draft, forever=True)
            raise UserError(NO_ROWS, name=source)
        sha = counted.digest.hexdigest()
        found = Version(sha, source, counted.rows, counted.rejected, by, self._now())
        self._files.copy(draft, _key(space, sha))
        self._files.delete(draft, forever=True)
        try:
            self._records.put(f"dataset#{space}", sha, found._asdict(), expect=0)
        except Conflict:
            return self.get(space, sha)
        return found

    def get(self, space: str, name: str) -> Version:
        """A version by its hash or the beginning of it. Raises UserError."""
        if not NAME(name):
            raise UserError(NO_VERSION, name=name)
        found = list(self._records.find(f"dataset#{space}", prefix=name, limit=2))
        if len(found) != 1:
            raise UserError(NO_VERSION, name=name)
        return _version(found[0])

    def all(self, space: str) -> list[Version]:
        """Every version, newest first."""
        found = map(_version, self._records.find(f"dataset#{space}"))
        return sorted(found, key=lambda version: -version.at)

    def rows(self, space: str, version: Version) -> Iterator[Row]:
        """The rows of a version, as a stream."""
        return unpack_stream(self._files.stream(_key(space, version.sha)))

    def withdraw(self, space: str, author: str) -> int:
        """Delete for ever the rows that a person gave, from every version; return how many.

        The one change a version may see; the same rows given again make it whole again.
        """
        return sum(self._without(space, version, author) for version in self.all(space))

    def _without(self, space: str, version: Version, author: str) -> int:
        left = filter_rows(self._files, _key(space, version.sha), author)
        if left < version.rows:
            changed = version._replace(rows=left)
            self._records.put(f"dataset#{space}", version.sha, changed._asdict())
        return version.rows - left

    def rows_of(self, space: str, name: str, library: Library) -> Iterator[Row]:
        """Good rows of a folder, or of a version by its short name. Raises UserError."""
        version = self._frozen(space, name)
        if version:
            return self.rows(space, version)
        return (item for item in library.read(space, name) if isinstance(item, Row))

    def freeze_or_get(self, space: str, id: str, name: str, library: Library, by: str) -> Version:
        """The version of that name, or a new one of the folder of that name. Raises UserError."""
        found = self._frozen(space, name)
        return found or self.freeze(space, id, name, library.read(space, name), by)

    def _frozen(self, space: str, name: str) -> Version | None:
        try:
            return self.get(space, name)
        except UserError:
            return None

    def select(self, space: str, version: Version, positive: bool) -> None:
        """Make it what `/train` learns from: as what to say, or as what not to."""
        self._records.put(f"selected#{space}", _side(positive), {"sha": version.sha})

    def selected(self, space: str, positive: bool) -> Version | None:
        """The selected version, if there is one."""
        try:
            return self.get(
                space, self._records.get(f"selected#{space}", _side(positive)).fields["sha"]
            )
        except (Missing, UserError):
            return None


class _Counted:
    """Rows on their way into a file: counted, hashed, problems left out.

    The hash covers what is learnt (question and answers, in order), not where it came from.
    """

    def __init__(self, items: Iterable[Row | Problem]) -> None:
        self._items = items
        self.digest = hashlib.sha256()
        self.rows = 0
        self.rejected = 0

    def lines(self) -> Iterator[bytes]:
        for item in self._items:
            if isinstance(item, Problem):
                self.rejected += 1
                continue
            self.rows += 1
            self.digest.update(json.dumps([item.input, item.good, item.bad]).encode() + b"\n")
            yield line(item)


def _side(positive: bool) -> str:
    return "positive" if positive else "negative"


def _key(space: str, sha: str) -> str:
    return f"guilds/{space}/versions/{sha}/rows.jsonl"


def _version(record: Record) -> Version:
    return shaped(Version, record.fields)
