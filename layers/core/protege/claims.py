"""Doing a thing once, though it may be asked for twice."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from protege.errors import Conflict, Missing
from protege.storage import Record, Records

REMEMBER_S = 2 * 24 * 3600
"""Longer than any queue may deliver a message again."""
Verdict = Literal["mine", "busy", "done"]


class Held(NamedTuple):
    """What is known of a piece of work that was claimed."""

    parts: int = 0
    """So many parts are marked as done, by whoever held the claim."""
    tries: int = 0
    """How often it was claimed, this time included."""
    cut: int = 0
    """How often the one before had neither finished nor released it: it was killed."""


class Claims:
    """Who is at work on what. A claim lapses after its lease, so that a killed worker loses it."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def take(
        self, work: str, owner: str, lease_s: float, *, fresh: bool = False, alone: bool = True
    ) -> Verdict:
        """Claim a piece of work for `lease_s` seconds.

        `owner` is the queue message. `alone`: the queue hands it to a second worker only when it
        has given up on the first, so the same owner takes over at once; any other waits for the
        lease. `fresh`: a message delivered for the first time never takes over another's claim, as
        clocks may differ by more than a lease; it comes again when any lease has run out.
        """
        found = self._get(work)
        before = found.fields if found else {}
        if before.get("state") == "done":
            return "done"
        if found and self._taken(before, owner, lease_s, fresh=fresh, alone=alone):
            return "busy"
        fields = {**before, "owner": owner, "state": "taken", "tries": before.get("tries", 0) + 1}
        fields["cut"] = before.get("cut", 0) + bool(before.get("until"))
        fields["until"] = self._now() + lease_s
        return "mine" if self._put(work, fields, found.version if found else 0) else "busy"

    def _taken(
        self, before: Mapping[str, Any], owner: str, lease_s: float, *, fresh: bool, alone: bool
    ) -> bool:
        left_s = before["until"] - self._now()
        if before["owner"] == owner:  # no lease is longer: whoever wrote that had a wrong clock
            return not alone and 0 < left_s <= lease_s
        return left_s > 0 or (fresh and bool(before["until"]))

    def finish(self, work: str) -> None:
        """It is done: nobody is to do it again."""
        self._change(work, state="done")

    def release(self, work: str) -> None:
        """It failed: anybody may try again."""
        self._change(work, until=0.0)

    def reopen(self, work: str) -> None:
        """It was given up, and is to be tried anew; what was marked as done stays done."""
        self._change(work, state="taken", until=0.0, tries=1, cut=0)

    def held(self, work: str) -> Held:
        """How far it is, and how often it was tried."""
        found = self._get(work)
        fields = found.fields if found else {}
        return Held(**{name: int(fields.get(name, 0)) for name in Held._fields})

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
