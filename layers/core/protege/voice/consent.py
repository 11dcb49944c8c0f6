"""Who allowed to be heard in voice channels, and since when. Nobody did before they said so."""

import time
from collections.abc import Callable, Mapping

from protege.errors import Missing
from protege.storage import Records

KEEPS = ("off", "text", "sound")
"""What may be kept of what is heard, the least first."""


class Consent:
    """Every guild's people; `space` is the guild in every call. Part of what /privacy deletes."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def give(self, space: str, user: str, keep: str = "off") -> None:
        """The person wants to be heard; who said so before did since then. `keep`: what they were
        told is kept of it, which is all that they agreed to.
        """
        at = self.since(space, user) or self._now()
        self._records.put(f"consent#{space}", user, {"user": user, "at": at, "keep": keep})

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
        return frozenset(self.agreed(space))

    def agreed(self, space: str) -> Mapping[str, str]:
        """Everybody who did, and what they agreed to have kept: one of `KEEPS`."""
        found = self._records.find(f"consent#{space}")
        return {record.id: record.fields.get("keep", "off") for record in found}
