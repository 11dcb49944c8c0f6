"""Votes as training data: which of two answers a guild found better, where that still stands."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from protege.datasets.rows import Row
from protege.forgetting import Forgetting, Forgotten
from protege.learning.wording import normalise
from protege.models import Models

if TYPE_CHECKING:
    from protege.arena import Preferred


class Voted:
    """Every guild's; `space` is the guild in every call. `votes`: see `Arena.preferred`."""

    def __init__(
        self,
        votes: "Callable[[str], Iterable[Preferred]]",
        models: Models,
        forgetting: Forgetting,
    ) -> None:
        self._votes = votes
        self._models = models
        self._forgetting = forgetting

    def pairs(self, space: str) -> list[Row]:
        """One row for each duel, its `file` saying which, its `author` one of those who agreed.

        Votes that were taken back are on record no more. What a version said in the words of a
        lesson that is forgotten is left out, and all that a deleted version said: its lessons
        cannot be looked at.
        """
        there = set(self._models.versions(space))
        votes = [vote for vote in self._votes(space) if {vote.good, vote.bad} <= there]
        forgotten = self._forgotten(space) if votes else frozenset()
        return [
            row
            for row in agreed(vote.row for vote in votes)
            if forgotten.isdisjoint((normalise(row.good), normalise(row.bad)))
        ]

    def _forgotten(self, space: str) -> frozenset[str]:
        """What forgotten lessons say, of all versions."""
        gone = self._forgetting.gone(space)
        if gone == Forgotten():
            return frozenset()
        return frozenset(
            normalise(text)
            for version in self._models.versions(space)
            for lesson in self._models.lessons(space, version)
            if gone.hides(lesson)
            for text in (lesson.good, lesson.bad)
            if text
        )


def agreed(votes: Iterable[Row]) -> Iterator[Row]:
    """What most of those found who voted on a duel; nothing where as many found otherwise."""
    duels: dict[str, list[Row]] = {}
    for vote in votes:
        duels.setdefault(vote.file, []).append(vote)
    for found in duels.values():
        first = [vote for vote in found if vote.good == found[0].good]
        other = [vote for vote in found if vote.good != found[0].good]
        if len(first) != len(other):
            yield max(first, other, key=len)[0]
