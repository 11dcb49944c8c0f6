"""Who allowed to be heard in voice channels, and since when. Nobody did before they said so."""

import time
from collections.abc import Callable

from protege.errors import Missing
from protege.storage import Records


class Consent:
    """Every guild's people; `space` is the guild in every call. Part of what /privacy deletes."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def give(self, space: str, user: str) -> None:
        """The person wants to be heard; who said so before did since then."""
        if not self.since(space, user):
            fields = {"user": user, "at": self._now()}
            self._records.put(f"consent#{space}", user, fields)

    def withdraw(self, space: str, user: str) -> bool:
        """Not any more; whether it had been given."""
        given = bool(self.since(space, user))
        self._records.delete(f"consent#{space}", user)
        return given

    def since(self, space: str, user: str) -> float:
        """When the person said so, in seconds since the epoch; 0.0: they did not."""
        try:
            return float(self._records.get(f"consent#{space}", user).fields["at"])
        except Missing:
            return 0.0

    def given(self, space: str) -> frozenset[str]:
        """Everybody who did."""
        return frozenset(record.id for record in self._records.find(f"consent#{space}"))
