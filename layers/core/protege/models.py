"""Model versions: artefacts written once, a pointer to the active one, and the latest corrections.

`guilds/<space>/models/v<N>/` holds manifest.json, instruction.md and what `learning.model` wrote.
Lessons that were forgotten since (`forgetting`) are left out of every version when it is loaded.
"""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from protege.errors import Conflict, Missing
from protege.forgetting import Forgetting, Forgotten
from protege.learning import Embedder, Lesson, Vectors
from protege.learning.model import Model
from protege.learning.rehearsal import held_out
from protege.lessons import Correction, Lessons, Recent
from protege.storage import Files, Records

KEPT_IN_MEMORY = 8
ABOUTS_IN_MEMORY = 256
WITHDRAWN = "somebody whose lessons it holds took them back"


class Current(NamedTuple):
    """What answers now: the active version (0: none yet) together with later corrections."""

    version: int
    model: Model


class Loaded(NamedTuple):
    """A version in memory: as it was written, and without what was forgotten."""

    whole: Model
    gone: Forgotten
    shown: Model


class Pointer(NamedTuple):
    """Which version is active, and the record's own version for a conditional change."""

    version: int
    revision: int


class Models:
    """Model versions of every guild; the last few used stay in memory."""

    def __init__(
        self,
        files: Files,
        records: Records,
        lessons: Lessons,
        forgetting: Forgetting,
        embedder: Callable[[], Embedder],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._records = records
        self._recent = Recent(lessons, now)
        self._forgetting = forgetting
        self._embedder = embedder
        self._now = now
        self._lock = threading.RLock()
        self._loaded: OrderedDict[tuple[str, int], Loaded] = OrderedDict()
        self._abouts: OrderedDict[tuple[str, int], dict[str, Any]] = OrderedDict()

    def pointer(self, space: str) -> Pointer:
        """The active version of a guild."""
        try:
            found = self._records.get("active", space)
        except Missing:
            return Pointer(0, 0)
        return Pointer(int(found.fields["version"]), found.version)

    def current(self, space: str, pointer: Pointer | None = None) -> Current:
        """The active model (or the one pointed at) with every correction given until now."""
        version = (pointer or self.pointer(space)).version
        gone = self._forgetting.gone(space)
        with self._lock:
            model = self._shown(space, version, gone)
            known = {lesson.id for lesson in model.lessons}
            recent = [
                c
                for c in self._recent.corrections(space)
                if c.lesson.id not in known and not gone.hides(c.lesson)
            ]
            if not recent:
                return Current(version, model)
            return Current(version, self._extended(model, recent))

    def _extended(self, model: Model, recent: Sequence[Correction]) -> Model:
        vectors = [self._row(c.vector, c.embedder, c.lesson.input) for c in recent]
        return model.with_recent([c.lesson for c in recent], np.vstack(vectors))

    def load(self, space: str, version: int) -> Model:
        """A version's model, without what was forgotten since.

        Raises Missing; ValueError where another embedder made it.
        """
        return self._shown(space, version, self._forgetting.gone(space))

    def trial(self, space: str, version: int) -> Model:
        """The model as if its held-out questions had never been taught. Raises as `load`."""
        model = self.load(space, version)
        return model.without([x.id for x in model.lessons if held_out(x.input)])

    def _shown(self, space: str, version: int, gone: Forgotten) -> Model:
        with self._lock:
            found = self._loaded.get((space, version))
            if found is None or found.gone is not gone:
                whole = found.whole if found else self._read(space, version)
                found = Loaded(whole, gone, _without(whole, gone))
                self._loaded[space, version] = found
            self._loaded.move_to_end((space, version))
            while len(self._loaded) > KEPT_IN_MEMORY:
                (left, _), _ = self._loaded.popitem(last=False)
                self._recent.drop(left)
            return found.shown

    def versions(self, space: str) -> Iterator[int]:
        """Numbers of the versions that exist, oldest first."""
        for record in self._records.find(f"version#{space}"):
            if self._written(space, int(record.id)):
                yield int(record.id)

    def lessons(self, space: str, version: int) -> Iterator[Lesson]:
        """Every lesson that a version's files hold, also what was forgotten. Raises Missing."""
        body = self._files.read(f"{_folder(space, version)}lessons.jsonl").decode()
        for line in filter(None, body.split("\n")):
            yield Lesson(**json.loads(line))

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
        for record in self._records.find(f"version#{space}", newest=True, limit=1):
            latest = int(record.id)
            if record.fields["job"] == job:
                return latest
        try:
            self._records.put(f"version#{space}", f"{latest + 1:08d}", {"job": job}, expect=0)
        except Conflict:
            return self.reserve(space, job)
        return latest + 1

    def publish(
        self, space: str, version: int, files: Mapping[str, bytes], about: Mapping[str, Any]
    ) -> None:
        """Write a version's files, its manifest last: a version without one does not exist.

        A number belongs to one job (`reserve`), so a version that exists was written by the same
        job before it crashed, and stays. Raises Conflict where two write at the same moment.
        """
        folder = _folder(space, version)
        if self._written(space, version):
            return
        for name, body in files.items():
            self._files.write(folder + name, body)
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        manifest = {**about, "version": version, "at": self._now(), "files": hashes}
        body = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self._files.write(f"{folder}manifest.json", body, once=True)
        self._mark_if_withdrawn(space, version)

    def _mark_if_withdrawn(self, space: str, version: int) -> None:
        """Somebody may have taken lessons back while the job ran."""
        gone = self._forgetting.gone(space)
        if gone.people and any(
            gone.withdrawn(x.author, x.id) for x in self.lessons(space, version)
        ):
            self.mark_stale(space, version, WITHDRAWN)

    def activate(self, space: str, version: int, revision: int) -> None:
        """Move the pointer. Raises Conflict if it moved since `revision` was read."""
        self._records.put("active", space, {"version": version, "at": self._now()}, expect=revision)

    def _written(self, space: str, version: int) -> bool:
        try:
            self.manifest(space, version)
        except Missing:
            return False
        return True

    def _read(self, space: str, version: int) -> Model:
        if not version:
            embedder = self._embedder()
            return Model.empty(embedder.id, embedder.dims)
        hashes = self.manifest(space, version)["files"]
        found = {name: self._files.read(_folder(space, version) + name) for name in hashes}
        for name, body in found.items():
            if hashlib.sha256(body).hexdigest() != hashes[name]:
                raise ValueError(f"{name} of version {version} is not what was written")
        return Model.load(found, self._embedder().id)

    def _row(self, vector: Vectors, made_by: str, text: str) -> Vectors:
        """The vector, made anew where another embedder made it."""
        embedder = self._embedder()
        return vector if made_by == embedder.id else embedder.embed([text])


def _without(model: Model, gone: Forgotten) -> Model:
    ids = [lesson.id for lesson in model.lessons if gone.hides(lesson)]
    return model.without(ids) if ids else model


def _folder(space: str, version: int) -> str:
    return f"guilds/{space}/models/v{version}/"
