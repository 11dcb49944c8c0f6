"""A guild's training files: folders of uploads, each file with its contributor.

Files lie under `guilds/<space>/datasets/<folder>/`; the record `file#<space>` of each says who gave
it and when. Deleting buries: what was deleted can be brought back.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from protege.datasets import paths
from protege.datasets.lines import filter_rows, line, unpack_stream
from protege.datasets.rows import NotText, Problem, Row
from protege.errors import Conflict, Missing, UserError
from protege.shapes import shaped
from protege.storage import Files, Record, Records
from protege.text import Text

NO_FOLDER = Text(
    en="There is no folder “{name}” with training data here.",
    ru="Папки «{name}» с учебными данными здесь нет.",
)
NOTHING_BURIED = Text(
    en="Nothing that was deleted from “{name}” can be brought back.",
    ru="Из «{name}» нечего возвращать.",
)
MOST_SUGGESTIONS = 25
SEVERAL = ""
"""Author of a file that we wrote from rows of several people: each row says whose it is."""


class Kept(NamedTuple):
    """One file of a folder. `at`: seconds since the epoch."""

    folder: str
    name: str
    size: int
    author: str
    at: float


class Library:
    """Files of every guild; `space` is the guild in every call."""

    def __init__(
        self,
        files: Files,
        records: Records,
        read: Callable[[Iterable[bytes], str], Iterator[Row | Problem]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._records = records
        self._read = read
        self._now = now

    def keep(
        self, space: str, folder: str, id: str, name: str, chunks: Iterable[bytes], author: str
    ) -> Kept:
        """Store a file in a folder, under a name that `id` makes unique. Raises UserError."""
        folder = paths.folder(folder)
        safe = re.sub(r"[^\w.-]", "_", name)[-80:].strip(".") or "data"
        own = f"{id}-{safe}"
        size = self._files.write_stream(_key(space, folder, own), chunks)
        kept = Kept(folder, own, size, author, self._now())
        self._records.put(f"file#{space}", f"{folder}/{own}", kept._asdict())
        self._records.put(f"folder#{space}", folder, {"at": kept.at})
        return kept

    def keep_rows(self, space: str, folder: str, id: str, rows: Iterable[Row]) -> Kept:
        """Store rows that came from files, each still with its contributor. Raises UserError."""
        return self.keep(space, folder, id, "rows.jsonl", map(line, rows), SEVERAL)

    def folders(self, space: str, typed: str = "") -> list[str]:
        """Names of the guild's folders that contain what was typed."""
        found = (record.id for record in self._records.find(f"folder#{space}"))
        return [name for name in found if typed.lower() in name.lower()][:MOST_SUGGESTIONS]

    def files(self, space: str, folder: str) -> list[Kept]:
        """The files of a folder, in order of name. Raises UserError where there are none."""
        folder = paths.folder(folder)
        known = self._records.find(f"file#{space}", prefix=f"{folder}/")
        kept = [_kept(record) for record in known if record.fields["folder"] == folder]
        if not kept:
            raise UserError(NO_FOLDER, name=folder)
        return kept

    def read(self, space: str, folder: str) -> Iterator[Row | Problem]:
        """All rows of a folder, file after file, each with its contributor; a file that is no
        text is one problem among them. Raises UserError: no such folder."""
        for kept in self.files(space, folder):
            try:
                yield from self.read_file(space, kept)
            except NotText as error:
                yield Problem(0, error.why, kept.name)

    def read_file(self, space: str, kept: Kept) -> Iterator[Row | Problem]:
        """The rows of one file, each with its contributor. Raises NotText."""
        chunks = self._files.stream(_key(space, kept.folder, kept.name))
        if kept.author == SEVERAL:
            yield from unpack_stream(chunks)
            return
        for item in self._read(chunks, kept.name):
            named = item._replace(file=item.file or kept.name)
            yield named._replace(author=kept.author) if isinstance(named, Row) else named

    def delete(self, space: str, folder: str) -> int:
        """Bury every file of a folder; return how many. Raises UserError."""
        buried = self.files(space, folder)
        for kept in buried:
            self._files.delete(_key(space, kept.folder, kept.name))
            self._records.delete(f"file#{space}", f"{kept.folder}/{kept.name}")
            self._records.put(f"buried#{space}", f"{kept.folder}/{kept.name}", kept._asdict())
        self._records.delete(f"folder#{space}", paths.folder(folder))
        return len(buried)

    def restore(self, space: str, folder: str) -> int:
        """Bring back the files that were deleted from a folder. Raises UserError."""
        folder = paths.folder(folder)
        back = list(self._restored(space, folder))
        if not back:
            raise UserError(NOTHING_BURIED, name=folder)
        self._records.put(f"folder#{space}", folder, {"at": self._now()})
        return len(back)

    def given_by(self, space: str, author: str) -> list[Kept]:
        """The files that a person gave, deleted ones too as long as they can be brought back."""
        kinds = (f"file#{space}", f"buried#{space}")
        found = [_kept(record) for kind in kinds for record in self._records.find(kind)]
        return [kept for kept in found if kept.author == author]

    def bytes_of(self, space: str, kept: Kept) -> bytes:
        """A file whole. Raises Missing."""
        return self._files.read(_key(space, kept.folder, kept.name))

    def withdraw(self, space: str, author: str) -> int:
        """Delete for ever what a person gave; return how many files that were."""
        given = self.given_by(space, author)
        for kept in given:
            self.drop(space, kept)
        for record in list(self._records.find(f"buried#{space}")):
            kept = _kept(record)
            if kept.author == SEVERAL and self._unburied(space, kept):
                self._filter(space, kept, author)
                self._files.delete(_key(space, kept.folder, kept.name))
        for record in list(self._records.find(f"file#{space}")):
            if record.fields["author"] == SEVERAL:
                self._filter(space, _kept(record), author)
        return len(given)

    def drop(self, space: str, kept: Kept) -> None:
        """Delete one file for ever."""
        self._files.delete(_key(space, kept.folder, kept.name), forever=True)
        for kind in ("file", "buried"):
            self._records.delete(f"{kind}#{space}", f"{kept.folder}/{kept.name}")
        if not any(self._records.find(f"file#{space}", prefix=f"{kept.folder}/", limit=1)):
            self._records.delete(f"folder#{space}", kept.folder)

    def _filter(self, space: str, kept: Kept, author: str) -> None:
        filter_rows(self._files, _key(space, kept.folder, kept.name), author)

    def buried_folders(self, space: str, typed: str = "") -> list[str]:
        """Folders from which something was deleted."""
        found = {record.fields["folder"] for record in self._records.find(f"buried#{space}")}
        return [name for name in sorted(found) if typed.lower() in name.lower()][:MOST_SUGGESTIONS]

    def _restored(self, space: str, folder: str) -> Iterator[str]:
        for record in list(self._records.find(f"buried#{space}", prefix=f"{folder}/")):
            if record.fields["folder"] == folder and self._unburied(space, _kept(record)):
                self._records.put(f"file#{space}", record.id, record.fields)
                yield record.id
            self._records.delete(f"buried#{space}", record.id)

    def _unburied(self, space: str, kept: Kept) -> bool:
        key = _key(space, kept.folder, kept.name)
        for buried in self._files.buried(key):
            if buried.key == key:
                try:
                    self._files.restore(key, buried.version)
                except Conflict:  # a second press of the same button: it is back already
                    return True
                except Missing:
                    return False
                return True
        return False


def _key(space: str, folder: str, name: str) -> str:
    return f"guilds/{space}/datasets/{folder}/{name}"


def _kept(record: Record) -> Kept:
    return shaped(Kept, record.fields)
