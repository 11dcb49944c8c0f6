"""Versions in memory: as they were written, and without what was forgotten since."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from protege.forgetting import Forgotten
from protege.learning.columns import Hashes, Mask, hashed
from protege.learning.index import Index
from protege.learning.model import Model

MOST_BYTES = 512 << 20
"""Versions kept: some 3 of 100,000 lessons, or thousands of small ones; a worker has 1,769 MB."""


class Loaded(NamedTuple):
    """A version in memory."""

    whole: Model
    gone: Forgotten
    shown: Model


class Memory:
    """The versions used last; `dropped` is told of guilds whose versions made room."""

    def __init__(self, dropped: Callable[[str], None], most_bytes: int = MOST_BYTES) -> None:
        self._dropped = dropped
        self._most = most_bytes
        self._lock = threading.RLock()
        self._loaded: OrderedDict[tuple[str, int], Loaded] = OrderedDict()

    def shown(self, space: str, version: int, gone: Forgotten, read: Callable[[], Model]) -> Model:
        """The version without what is gone; `read` when it is not here."""
        with self._lock:
            found = self._loaded.get((space, version))
            if found is None or found.gone is not gone:
                whole = found.whole if found else read()
                found = Loaded(whole, gone, without(whole, gone))
                self._loaded[space, version] = found
            self._loaded.move_to_end((space, version))
            self._make_room()
            return found.shown

    def forget(self, space: str, version: int) -> None:
        """The version is no more."""
        with self._lock:
            self._loaded.pop((space, version), None)

    def _make_room(self) -> None:
        size = sum(loaded.whole.nbytes for loaded in self._loaded.values())
        while size > self._most and len(self._loaded) > 1:
            (left, _), loaded = self._loaded.popitem(last=False)
            size -= loaded.whole.nbytes
            self._dropped(left)


def without(model: Model, gone: Forgotten) -> Model:
    """The model without what is forgotten; itself where that is nothing."""
    if not gone.ids and not gone.people:
        return model
    return model.hiding(lambda index: hidden(index, gone))


def hidden(index: Index, gone: Forgotten) -> Mask:
    """Lessons that must not be used."""
    found: Mask = np.isin(index.columns.ids, _hashes(gone.ids))
    given = np.isin(index.columns.authors, _hashes(gone.people))
    for row in map(int, np.flatnonzero(given & ~found)):
        found[row] = gone.hides(index.lessons[row])
    return found


def _hashes(texts: Iterable[str]) -> Hashes:
    return np.array([hashed(text) for text in texts], np.uint64)
