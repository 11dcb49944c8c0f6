"""Where a job's drafts lie: in storage, and the large ones also in a local folder."""

import shutil
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from protege.learning import npy
from protege.learning.lines import OnDisk
from protege.storage import Files
from protege.training.job import Job

MOST_BYTES = 384 << 20
"""Local copies kept when the next job is begun: a Lambda has 512 MB of disk."""
MODEL = "model/"
"""Drafts that become the version's files."""
T = TypeVar("T")


class Desk:
    """One job's drafts for one parent version; one process at a time works at it."""

    def __init__(self, files: Files, folder: str) -> None:
        self.folder = folder
        self._files = files
        self._local = Path(mkdtemp(prefix="protege-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._local, ignore_errors=True)
        self._open: dict[str, OnDisk] = {}
        self._kept: dict[str, Any] = {}

    @property
    def nbytes(self) -> int:
        """Size of the local copies."""
        return sum(path.stat().st_size for path in self._local.iterdir())

    def write(self, name: str, body: bytes) -> None:
        """Store a draft."""
        self._files.write(self.folder + name, body)

    def write_stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """Store a draft in flat memory."""
        self._files.write_stream(self.folder + name, chunks)

    def read(self, name: str) -> bytes:
        """A draft. Raises Missing."""
        return self._files.read(self.folder + name)

    def array(self, name: str) -> Any:
        """A draft that is an array. Raises Missing."""
        return npy.unpacked(self.read(name))

    def names(self, prefix: str) -> list[str]:
        """Drafts whose names begin so, in order."""
        folder = self.folder
        return [key[len(folder) :] for key in self._files.names(folder + prefix)]

    def local(self, name: str) -> OnDisk:
        """A draft to be read here and there. Raises Missing."""
        if name not in self._open:
            path = self._path(name)
            with path.open("wb") as file:
                for chunk in self._files.stream(self.folder + name):
                    file.write(chunk)
            self._open[name] = OnDisk(path)
        return self._open[name]

    def release(self, *names: str) -> None:
        """The local copies are not needed any more."""
        for name in names:
            if self._open.pop(name, None):
                self._path(name).unlink(missing_ok=True)

    def keep(self, what: str, make: Callable[[], T]) -> T:
        """What was made of drafts once, as long as this process works at the job."""
        if what not in self._kept:
            self._kept[what] = make()
        found: T = self._kept[what]
        return found

    def scratch(self, name: str) -> Path:
        """A local file's place, for what is too large for memory."""
        return self._path(name)

    def close(self) -> None:
        """Remove the local copies."""
        self._open.clear()
        self._kept.clear()
        self._remove()

    def _path(self, name: str) -> Path:
        return self._local / name.replace("/", "-")


class Desks:
    """The desks of this process."""

    def __init__(self, files: Files, most_bytes: int = MOST_BYTES) -> None:
        self._files = files
        self._most = most_bytes
        self._lock = threading.Lock()
        self._desks: OrderedDict[str, Desk] = OrderedDict()

    def of(self, job: Job) -> Desk:
        """The job's; another parent version has another."""
        folder = f"{_drafts(job)}{job.revision:06d}/"
        with self._lock:
            found = self._desks.get(folder)
            if found is None:
                self._make_room()
                found = self._desks[folder] = Desk(self._files, folder)
            self._desks.move_to_end(folder)
            return found

    def anew(self, job: Job) -> Desk:
        """The job's, with nothing on it."""
        self._close(f"{_drafts(job)}{job.revision:06d}/")
        self._clear(f"{_drafts(job)}{job.revision:06d}/")
        return self.of(job)

    def clear(self, job: Job) -> None:
        """Delete all drafts of a job."""
        self._close(_drafts(job))
        self._clear(_drafts(job))

    def _clear(self, prefix: str) -> None:
        for key in list(self._files.names(prefix)):
            self._files.delete(key, forever=True)

    def _close(self, prefix: str) -> None:
        with self._lock:
            for folder in [folder for folder in self._desks if folder.startswith(prefix)]:
                self._desks.pop(folder).close()

    def _make_room(self) -> None:
        """Another thread may be at an older desk: it is let go, and closed when done with."""
        size = sum(desk.nbytes for desk in self._desks.values())
        while self._desks and size > self._most:
            _, left = self._desks.popitem(last=False)
            size -= left.nbytes


def _drafts(job: Job) -> str:
    return f"{job.folder}drafts/"
