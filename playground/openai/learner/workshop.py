"""The tuned models, by name."""

import threading
from functools import lru_cache
from pathlib import Path

from playground.openai.journal import now
from playground.openai.learner.tuned import Tuned
from playground.openai.models import shown
from playground.openai.store import Json, Shelf

LOADED = 8
"""Models that are held in memory at a time."""


class Workshop:
    """Keeps tuned models in a folder."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder / "models")
        self._folder = folder / "tuned"
        self._lock = threading.Lock()
        self._load = lru_cache(LOADED)(Tuned.load)

    def keep(self, id: str, job: str, model: Tuned) -> None:
        """Publish a model; a checkpoint is one too. The same again does no harm."""
        model.save(self._path(id))
        self.shelf.put({**shown(id, now(), "protege"), "job": job})

    def get(self, id: str) -> Tuned | None:
        """The model of that name."""
        if self.shelf.get(id) is None:
            return None
        with self._lock:
            return self._load(self._path(id))

    def listed(self) -> list[Json]:
        """The objects of all, newest first; checkpoints are not listed."""
        return [_public(it) for it in self.shelf.all() if ":ckpt-" not in it["id"]]

    def look(self, id: str) -> Json | None:
        """The object of one."""
        found = self.shelf.get(id)
        return _public(found) if found else None

    def drop(self, id: str) -> bool:
        """Whether it was there to be removed."""
        return self.shelf.drop(id)

    def _path(self, id: str) -> Path:
        return self._folder / id.replace(":", "_")


def _public(model: Json) -> Json:
    return {name: value for name, value in model.items() if name != "job"}
