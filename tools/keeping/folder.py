"""A bot on one machine: what lies in its `DATA_DIR`."""

import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from protege.storage.embedded import FileAlarm, FolderFiles
from protege.storage.embedded.database import Database
from protege.storage.embedded.disk import GONE, NEW, PARTS
from protege.storage.embedded.records import SCHEMA, WRITE
from protege.storage.limits import pack, unpack
from tools.keeping.places import Step, pages
from tools.keeping.rows import Row

PAGE = 500
RECORDS = "records.sqlite"
KEPT = [
    *(f"files/{name}" for name in ("guilds", "outbox", NEW, GONE, PARTS)),
    *(f"{name}.sqlite{end}" for name in ("records", "queue") for end in ("", "-wal", "-shm")),
    *("links.key", "alarm", "metrics/worker.json", "voice-cache"),
]
"""What a bot makes there; whatever else lies in the folder is none of ours."""
NEVER = float("inf")
ALL = """SELECT kind, id, version, expires_at, fields FROM records
    WHERE (kind, id) > (?, ?) AND ifnull(expires_at, ?) > ? ORDER BY kind, id LIMIT ?"""
DROP = "DELETE FROM records WHERE kind = ? AND id = ?"


class FolderPlace:
    """Safe while the bot runs. Raises Unavailable (disk full, no rights)."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder.resolve()
        self.files = FolderFiles(self._folder / "files")
        self._db = Database(self._folder / RECORDS, SCHEMA)

    def answers(self, endpoint: str) -> bool:
        """Nobody knows what a proxy leads to; the operator sees the address before it goes."""
        return True

    def rows(self) -> Iterator[Row]:
        """Every record that has not expired."""
        edge = ("", "")
        while True:
            found = self._db.rows(ALL, *edge, NEVER, time.time(), PAGE)
            for kind, id, version, until, fields in found:
                yield Row(kind, id, version, until, unpack(fields))
            if len(found) < PAGE:
                return
            edge = found[-1][:2]

    def put(self, rows: Iterable[Row]) -> None:
        """Write records as they are; what was written before an error stays."""
        for page in pages(rows, PAGE):
            with self._db.writing() as db:
                db.executemany(
                    WRITE, [(r.kind, r.id, r.version, r.until, pack(r.fields)) for r in page]
                )

    def drop(self, rows: Iterable[Row]) -> None:
        """Delete records."""
        for page in pages(rows, PAGE):
            with self._db.writing() as db:
                db.executemany(DROP, [(r.kind, r.id) for r in page])

    def erase(self, prefix: str) -> None:
        """Delete files for good, and those that could still have been restored."""
        gone = {buried.key for buried in self.files.buried(prefix)}
        for key in gone | set(self.files.names(prefix)):
            self.files.delete(key, forever=True)

    def wake(self) -> None:
        """Have running jobs looked after."""
        FileAlarm(self._folder / "alarm").set()

    def everything(self) -> Iterator[Step]:
        """What the bot made in its folder, and the folder if it is empty then.

        The bot must not run.
        """
        found = [self._folder / name for name in KEPT if (self._folder / name).exists()]
        names = ", ".join(str(path.relative_to(self._folder)) for path in found)
        yield Step(f"in {self._folder}: {names}", lambda: self._remove(found))

    def _remove(self, found: list[Path]) -> None:
        for path in found:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)  # SQLite takes some away itself
        for folder in (self._folder / "files", self._folder / "metrics", self._folder):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
