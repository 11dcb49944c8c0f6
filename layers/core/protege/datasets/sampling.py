"""A few of many, evenly, though nobody knows beforehand how many there are."""

import random
from typing import Generic, TypeVar

T = TypeVar("T")


class Sample(Generic[T]):
    """Keeps `most` of what it sees, each with the same chance (reservoir sampling).

    Seeded, so that the same data show the same sample.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen = 0
        self._random = random.Random(0)  # noqa: S311  # a sample, not a secret
        self.taken: list[T] = []

    def see(self, item: T) -> None:
        """One more."""
        self._seen += 1
        if len(self.taken) < self._most:
            self.taken.append(item)
        elif (place := self._random.randrange(self._seen)) < self._most:
            self.taken[place] = item
