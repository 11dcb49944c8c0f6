"""Model versions: artefacts written once, a pointer to the active one, and the latest corrections.

`guilds/<space>/models/v<N>/` holds manifest.json, instruction.md and what `learning.model` wrote.
Lessons that were forgotten since (`forgetting`) are left out of every version when it is loaded.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from protege.forgetting import Forgetting, Forgotten
from protege.learning import Embedder, Lesson, Vectors
from protege.learning.artefact import NewerFormat
from protege.learning.model import Model
from protege.lessons import Correction, Lessons, Recent
from protege.models.artefacts import Artefacts, Pointer
from protege.models.memory import Memory
from protege.models.unreadable import NEWER, OTHER_EMBEDDER, OtherEmbedder, Unreadable
from protege.storage import Files, Records

__all__ = ["Counts", "Current", "Models", "OtherEmbedder", "Pointer", "Taught", "Unreadable"]

WITHDRAWN = "somebody whose lessons it holds took them back"


class Current(NamedTuple):
    """What answers now: the active version (0: none yet) together with later corrections."""

    version: int
    model: Model


class Taught(NamedTuple):
    """What a guild has taught, for the next training: a version by whatever embedder, and the
    corrections that it does not know. Nothing of it is forgotten."""

    version: int
    model: Model
    corrections: Sequence[Correction]


class Counts(NamedTuple):
    """Lessons of a version."""

    lessons: int = 0
    corrections: int = 0
    forgotten: int = 0
    """Held, and not used any more."""

    def plus(self, lesson: Lesson, forgotten: bool) -> "Counts":
        """With one more."""
        corrections = self.corrections + (lesson.kind == "correction")
        return Counts(self.lessons + 1, corrections, self.forgotten + forgotten)


class Models(Artefacts):
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
        super().__init__(files, records, now)
        self._recent = Recent(lessons, now)
        self._forgetting = forgetting
        self._embedder = embedder
        self._memory = Memory(self._recent.drop)

    def current(self, space: str, pointer: Pointer | None = None) -> Current:
        """The active model (or the one pointed at) with every correction given until now.

        Raises OtherEmbedder.
        """
        with self._lock:
            taught = self.taught(space, pointer)
            model = self._checked(taught.version, taught.model)
            if not taught.corrections:
                return Current(taught.version, model)
            vectors = [self._row(c) for c in taught.corrections]
            lessons = [c.lesson for c in taught.corrections]
            return Current(taught.version, model.with_recent(lessons, np.vstack(vectors)))

    def taught(self, space: str, pointer: Pointer | None = None) -> Taught:
        """The active version (or the one pointed at) and what it does not know yet."""
        version = (pointer or self.pointer(space)).version
        gone = self._forgetting.gone(space)
        with self._lock:
            model = self._shown(space, version, gone)
            recent = [
                c
                for c in self._recent.corrections(space)
                if not gone.hides(c.lesson) and not model.knows(c.lesson.id)
            ]
        return Taught(version, model, recent)

    def load(self, space: str, version: int) -> Model:
        """A version's model, without what was forgotten since. Raises Missing, OtherEmbedder,
        Unreadable."""
        return self._checked(version, self._shown(space, version, self._forgetting.gone(space)))

    def trial(self, space: str, version: int) -> Model:
        """The model as if its held-out questions had never been taught. Raises as `load`."""
        return self.load(space, version).tried()

    def remembered(self, space: str, version: int) -> Iterator[Lesson]:
        """A version's lessons without what was forgotten since, by whatever embedder. Raises
        Missing."""
        gone = self._forgetting.gone(space)
        return (lesson for lesson in self.lessons(space, version) if not gone.hides(lesson))

    def counts(self, space: str, version: int) -> Counts:
        """How many lessons of which kind a version holds. Raises Missing."""
        gone = self._forgetting.gone(space)
        found = Counts()
        for lesson in self.lessons(space, version):
            found = found.plus(lesson, gone.hides(lesson))
        return found

    def _shown(self, space: str, version: int, gone: Forgotten) -> Model:
        return self._memory.shown(space, version, gone, lambda: self._read(space, version))

    def _checked(self, version: int, model: Model) -> Model:
        now = self._embedder().id
        if model.embedder_id != now:
            made = model.embedder_id
            raise OtherEmbedder(OTHER_EMBEDDER, version=version, made=made, now=now)
        return model

    def publish(
        self,
        space: str,
        version: int,
        files: Mapping[str, bytes],
        about: Mapping[str, Any],
        *,
        drafts: str = "",
    ) -> None:
        """As `Artefacts.publish`; somebody may have taken lessons back while the job ran."""
        if self.written(space, version):
            return
        super().publish(space, version, files, about, drafts=drafts)
        self._mark_if_withdrawn(space, version)

    def _mark_if_withdrawn(self, space: str, version: int) -> None:
        gone = self._forgetting.gone(space)
        if gone.people and any(
            gone.withdrawn(x.author, x.id) for x in self.lessons(space, version)
        ):
            self.mark_stale(space, version, WITHDRAWN)

    def bury(self, space: str, version: int) -> None:
        """As `Artefacts.bury`."""
        super().bury(space, version)
        self._memory.forget(space, version)

    def unbury(self, space: str, version: int) -> None:
        """As `Artefacts.unbury`; what was taken back meanwhile makes it stale."""
        super().unbury(space, version)
        self._mark_if_withdrawn(space, version)

    def _read(self, space: str, version: int) -> Model:
        if not version:
            embedder = self._embedder()
            return Model.empty(embedder.id, embedder.dims)
        try:
            return Model.load(self.files(space, version))
        except NewerFormat:
            raise Unreadable(NEWER, version=version) from None

    def _row(self, correction: Correction) -> Vectors:
        """The vector, made anew where another embedder made it."""
        embedder = self._embedder()
        if correction.embedder == embedder.id:
            return correction.vector
        return embedder.embed([correction.lesson.input])
