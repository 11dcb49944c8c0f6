"""Deleted files: moved aside, found again, forgotten after 30 days.

They lie beneath `%gone` as they lay beneath the root, each with its version after its name:
`%gone/guilds/1/=v.json%v001790000000000000-1f2e3d4c`. No name of a key holds `%v`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from protege.errors import Missing
from protege.storage import Buried
from protege.storage.embedded.disk import GONE, flush, make, publish
from protege.storage.embedded.paths import path_of, under

KEEP_S = 30 * 24 * 3600
"""As template.yaml has it for the bucket."""
SWEEP_EVERY_S = 3600.0
MARK = "%v"
_version = re.compile(r"[0-9]{18}-[0-9a-f]{8}").fullmatch


class Trash:
    """Where deleted files lie. Raises OSError."""

    def __init__(self, root: Path, now: Callable[[], float]) -> None:
        self._root = root
        self._gone = root / GONE
        self._now = now
        self._swept_at = 0.0
        self._gone.mkdir(exist_ok=True)

    def bury(self, key: str) -> None:
        """Move a file aside; nothing where there is none."""
        path = path_of(self._root, key)
        if not path.is_file():
            return
        version = f"{int(self._now() * 1e6):018d}-{os.urandom(4).hex()}"
        target = self._path(key, version)
        make(target.parent)
        try:
            path.rename(target)
        except FileNotFoundError:  # another was quicker
            return
        flush(target.parent)
        flush(path.parent)
        self._sweep()

    def found(self, prefix: str) -> list[Buried]:
        """What can be restored, newest first."""
        oldest = self._now() - KEEP_S
        held = (_buried(*entry) for entry in under(self._gone, "", prefix))
        kept = [b for b in held if b.buried_at > oldest and b.key.startswith(prefix)]
        return sorted(kept, key=lambda b: b.version, reverse=True)

    def restore(self, key: str, version: str) -> None:
        """Move a file back. Raises Conflict, Missing."""
        if not _version(version):
            raise Missing(f"{key} {version}")
        path, target = self._path(key, version), path_of(self._root, key)
        make(target.parent)
        try:
            publish(path, target, once=True)
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(f"{key} {version}") from None
        flush(target.parent)
        path.unlink(missing_ok=True)

    def forget(self, key: str) -> None:
        """Remove every deleted file of a key for good."""
        for buried in self.found(key):
            if buried.key == key:
                self._path(key, buried.version).unlink(missing_ok=True)

    def _path(self, key: str, version: str) -> Path:
        lies = path_of(self._gone, key)
        return lies.with_name(f"{lies.name}{MARK}{version}")

    def _sweep(self) -> None:
        if self._now() < self._swept_at + SWEEP_EVERY_S:
            return
        self._swept_at = self._now()
        for entry in under(self._gone, "", ""):
            if _buried(*entry).buried_at <= self._now() - KEEP_S:
                entry[1].unlink(missing_ok=True)


def _buried(marked: str, path: Path) -> Buried:
    key, _, version = marked.rpartition(MARK)
    return Buried(key, version, path.stat().st_size, int(version[:18]) / 1e6)
