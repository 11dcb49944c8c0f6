"""Calls on record, so that a worker that was killed in them takes them up again."""

import time

from protege.storage import Records
from voice_worker.calls.call import Place

KIND = "voice-call"
KEPT_S = 90.0
"""After so long without a worker people have stopped waiting."""


class Lasting:
    """All of it blocks, and raises Unavailable."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, voice_channel: str, place: Place) -> None:
        """The call is going on."""
        fields = {**place._asdict(), "voice_channel": voice_channel}
        self._records.put(KIND, place.guild, fields, expires_at=time.time() + KEPT_S)

    def forget(self, guild: str) -> None:
        """It is over."""
        self._records.delete(KIND, guild)

    def all(self) -> list[tuple[str, Place]]:
        """Voice channel and place of every call that was going on lately."""
        found = [record.fields for record in self._records.find(KIND)]
        return [
            (fields["voice_channel"], Place(*(fields[name] for name in Place._fields)))
            for fields in found
        ]
