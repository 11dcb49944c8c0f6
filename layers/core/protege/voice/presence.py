"""Whether a voice worker runs: one record, which the worker refreshes and a launch claims."""

import time
from collections.abc import Callable
from typing import Any, Literal

from protege.errors import Conflict, Missing
from protege.storage import Record, Records

STALE_S = 15.0
"""A worker that was silent for so long is dead; it is to say something every five seconds."""
LAUNCH_S = 120.0
"""How long a worker may take to start, before another one may be started. Fargate: 30 to 60 s."""
KIND, ID = "voice-worker", "it"
State = Literal["running", "starting", "off"]


class Presence:
    """The one worker there may be. Raises Unavailable."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def beat(self, worker: str, started_at: float, calls: int) -> bool:
        """Worker `worker` lives since `started_at` (epoch seconds) and is in `calls` channels.

        False where another one runs that came first: this one is not wanted and is to stop.
        """
        fields = {"worker": worker, "started_at": started_at, "calls": calls}
        while True:
            found = self._found()
            if self._state(found) == "running" and found and _elder(found, worker, started_at):
                return False
            if self._put({**fields, "state": "running", "at": self._now()}, found):
                return True

    def gone(self, worker: str) -> None:
        """Worker `worker` stops; no effect where another one, or a launch, took its place.

        Say so first and look into the queue once more afterwards: what came before was meant for
        this worker, what comes later starts another.
        """
        found = self._found()
        if found and found.fields.get("worker") == worker:
            self._put({"state": "off", "at": self._now()}, found)

    def alive(self) -> bool:
        """Whether a worker runs."""
        return self.state() == "running"

    def state(self) -> State:
        """Whether a worker runs, or was started not long ago."""
        return self._state(self._found())

    def calls(self) -> int:
        """In how many channels the worker is that runs."""
        found = self._found()
        return int(found.fields["calls"]) if found and self._state(found) == "running" else 0

    def claim(self) -> bool:
        """Be the one who starts a worker now; False where one runs or was started not long ago."""
        found = self._found()
        if self._state(found) != "off":
            return False
        return self._put({"state": "starting", "at": self._now()}, found)

    def unclaim(self) -> None:
        """The start failed: anybody may try again."""
        found = self._found()
        if found and found.fields["state"] == "starting":
            self._put({"state": "off", "at": self._now()}, found)

    def _state(self, found: Record | None) -> State:
        if found is None:
            return "off"
        age, state = self._now() - found.fields["at"], found.fields["state"]
        if state == "running" and age < STALE_S:
            return "running"
        return "starting" if state == "starting" and age < LAUNCH_S else "off"

    def _put(self, fields: dict[str, Any], found: Record | None) -> bool:
        try:
            self._records.put(KIND, ID, fields, expect=found.version if found else 0)
        except Conflict:
            return False
        return True

    def _found(self) -> Record | None:
        try:
            return self._records.get(KIND, ID)
        except Missing:
            return None


def _elder(found: Record, worker: str, started_at: float) -> bool:
    other = found.fields["worker"]
    return bool(other != worker and (found.fields["started_at"], other) < (started_at, worker))
