"""Doing a thing once, though it may be asked for twice."""

import time
from collections.abc import Callable
from typing import Any, Literal

from protege.errors import Conflict, Missing
from protege.storage import Record, Records

REMEMBER_S = 2 * 24 * 3600
"""Longer than any queue may deliver a message again."""
Verdict = Literal["mine", "busy", "done"]


class Claims:
    """Who is at work on what. A claim lapses after its lease, so that a killed worker loses it."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def take(self, work: str, owner: str, lease_s: float) -> Verdict:
        """Claim a piece of work for `lease_s` seconds.

        `owner` is the queue message: the queue hands it to a second worker only when it has given
        up on the first, so the same owner takes over at once; another one waits for the lease.
        """
        found = self._get(work)
        if found and found.fields["state"] == "done":
            return "done"
        if found and found.fields["owner"] != owner and found.fields["until"] > self._now():
            return "busy"
        fields = {**(found.fields if found else {}), "owner": owner, "state": "taken"}
        fields["until"] = self._now() + lease_s
        return "mine" if self._put(work, fields, found.version if found else 0) else "busy"

    def finish(self, work: str) -> None:
        """It is done: nobody is to do it again."""
        self._change(work, state="done")

    def release(self, work: str) -> None:
        """It failed: anybody may try again."""
        self._change(work, until=0.0)

    def progress(self, work: str) -> int:
        """How many parts were marked as done, by whoever held the claim."""
        found = self._get(work)
        return int(found.fields.get("parts", 0)) if found else 0

    def mark(self, work: str, parts: int) -> None:
        """Note that so many parts are done."""
        self._change(work, parts=parts)

    def _get(self, work: str) -> Record | None:
        try:
            return self._records.get(f"claim#{work}", "claim")
        except Missing:
            return None

    def _put(self, work: str, fields: dict[str, Any], expect: int | None) -> bool:
        ends = self._now() + REMEMBER_S
        try:
            self._records.put(f"claim#{work}", "claim", fields, expect=expect, expires_at=ends)
        except Conflict:
            return False
        return True

    def _change(self, work: str, **fields: Any) -> None:
        found = self._get(work)
        self._put(work, {**(found.fields if found else {"owner": ""}), **fields}, None)
