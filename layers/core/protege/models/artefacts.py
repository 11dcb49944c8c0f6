"""Versions as files written once, numbers that are never used again, and the pointer."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from protege.errors import Conflict, Missing
from protege.learning import Lesson
from protege.learning.lines import InMemory, Lines
from protege.lineage import Lineage, Move
from protege.storage import Files, Records

ABOUTS_IN_MEMORY = 256
LOOKED_AT = 20
"""Newest versions among which a job looks for its own: others may have begun theirs since."""


class Pointer(NamedTuple):
    """Which version is active, and the record's own version for a conditional change."""

    version: int
    revision: int


class Artefacts:
    """What is stored of every guild's versions; `space` is the guild in every call."""

    def __init__(self, files: Files, records: Records, now: Callable[[], float]) -> None:
        self._files = files
        self._records = records
        self._now = now
        self._lineage = Lineage(records, now)
        self._lock = threading.RLock()
        self._abouts: OrderedDict[tuple[str, int], dict[str, Any]] = OrderedDict()

    def pointer(self, space: str) -> Pointer:
        """The active version of a guild."""
        last = self._lineage.active(space)
        return Pointer(last.after, last.revision)

    def versions(self, space: str) -> Iterator[int]:
        """Numbers of the versions that exist, oldest first."""
        for record in self._records.find(f"version#{space}"):
            if self.written(space, int(record.id)):
                yield int(record.id)

    def lessons(self, space: str, version: int) -> Iterator[Lesson]:
        """Every lesson that a version's files hold, also what was forgotten. Raises Missing."""
        yield from Lines(InMemory(self._files.read(f"{_folder(space, version)}lessons.jsonl")))

    def mark_stale(self, space: str, version: int, why: str) -> None:
        """Note that a version holds what it should not; the next training leaves that out."""
        fields = {"why": why, "at": self._now()}
        self._records.put(f"stale#{space}", f"{version:08d}", fields)

    def stale(self, space: str) -> dict[int, str]:
        """Versions that hold what they should not, and why."""
        found = self._records.find(f"stale#{space}")
        return {int(record.id): record.fields["why"] for record in found}

    def manifest(self, space: str, version: int) -> dict[str, Any]:
        """What is known of a version. Raises Missing."""
        found: dict[str, Any] = json.loads(
            self._files.read(f"{_folder(space, version)}manifest.json")
        )
        return found

    def about(self, space: str, version: int) -> Mapping[str, Any]:
        """The manifest, kept in memory as it never changes; empty for version 0. Raises Missing."""
        if not version:
            return {}
        with self._lock:
            found = self._abouts.get((space, version))
            if found is None:
                found = self._abouts[space, version] = self.manifest(space, version)
            self._abouts.move_to_end((space, version))
            while len(self._abouts) > ABOUTS_IN_MEMORY:
                self._abouts.popitem(last=False)
        return found

    def instruction(self, space: str, version: int) -> str:
        """The instruction that a version was trained with. Raises Missing."""
        return self._files.read(f"{_folder(space, version)}instruction.md").decode()

    def reserve(self, space: str, job: str) -> int:
        """The next free version number, kept for this job (the same again for the same job)."""
        latest = 0
        for record in self._records.find(f"version#{space}", newest=True, limit=LOOKED_AT):
            latest = max(latest, int(record.id))
            if record.fields["job"] == job:
                return int(record.id)
        try:
            self._records.put(f"version#{space}", f"{latest + 1:08d}", {"job": job}, expect=0)
        except Conflict:
            return self.reserve(space, job)
        return latest + 1

    def publish(
        self,
        space: str,
        version: int,
        files: Mapping[str, bytes],
        about: Mapping[str, Any],
        *,
        drafts: str = "",
    ) -> None:
        """Write a version's files, its manifest last: a version without one does not exist.

        `drafts`: where further files of it lie, a key's beginning; they are copied. A number
        belongs to one job (`reserve`), so a version that exists was written by the same job before
        it crashed, and stays. Raises Conflict where two write at the same moment.
        """
        if self.written(space, version):
            return
        folder, hashes = _folder(space, version), {}
        for name, body in files.items():
            self._files.write(folder + name, body)
            hashes[name] = hashlib.sha256(body).hexdigest()
        for key in self._files.names(drafts) if drafts else ():
            self._files.copy(key, folder + key[len(drafts) :])
            hashes[key[len(drafts) :]] = self._sha256(key)
        manifest = {**about, "version": version, "at": self._now(), "files": hashes}
        body = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self._files.write(f"{folder}manifest.json", body, once=True)
        self._lineage.describe(space, version, manifest)

    def activate(self, space: str, version: int, revision: int, move: Move | None = None) -> None:
        """Move the pointer. Raises Conflict if it moved since `revision` was read."""
        self._lineage.move(space, version, revision, move or Move())

    def written(self, space: str, version: int) -> bool:
        """Whether there is such a version."""
        try:
            self.manifest(space, version)
        except Missing:
            return False
        return True

    def bury(self, space: str, version: int) -> None:
        """Delete a version's files; for 30 days they can be restored."""
        for key in (f"{_folder(space, version)}manifest.json", *self._names(space, version)):
            self._files.delete(key)
        with self._lock:
            self._abouts.pop((space, version), None)

    def unbury(self, space: str, version: int) -> None:
        """Restore a version's files, its manifest last. Raises Missing where they are gone."""
        found: dict[str, str] = {}
        for buried in self._files.buried(_folder(space, version)):
            found.setdefault(buried.key, buried.version)
        manifest = f"{_folder(space, version)}manifest.json"
        for key in sorted(found, key=lambda key: key == manifest):
            if not any(name == key for name in self._files.names(key)):
                self._files.restore(key, found[key])
        self.manifest(space, version)

    def files(self, space: str, version: int) -> dict[str, bytes]:
        """A version's files by name. Raises Missing; ValueError where they were changed."""
        hashes = self.manifest(space, version)["files"]
        found = {name: self._files.read(_folder(space, version) + name) for name in hashes}
        for name, body in found.items():
            if hashlib.sha256(body).hexdigest() != hashes[name]:
                raise ValueError(f"{name} of version {version} is not what was written")
        return found

    def _names(self, space: str, version: int) -> list[str]:
        return list(self._files.names(_folder(space, version)))

    def _sha256(self, key: str) -> str:
        found = hashlib.sha256()
        for chunk in self._files.stream(key):
            found.update(chunk)
        return found.hexdigest()


def _folder(space: str, version: int) -> str:
    return f"guilds/{space}/models/v{version}/"
