"""Vectors of texts, from the model that comes with the bot; what was asked lately is kept."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from protege.learning import Vectors
from protege.providers.local import MiniLM

KEPT = 20_000
"""Texts whose vectors are remembered: 31 MB."""


@lru_cache(1)
def shared() -> "Embedding":
    """One for the whole process: the model takes 90 MB."""
    return Embedding()


class Embedding:
    """Safe to be asked by many threads; computes for one at a time."""

    def __init__(self) -> None:
        self._model = MiniLM()
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One unit row of 384 for each text, in their order."""
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            self._known.update(zip(new, self._model.embed(new), strict=True))
            rows = [self._known[text] for text in texts]
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return np.array(rows, np.float32).reshape(len(texts), self._model.dims)
