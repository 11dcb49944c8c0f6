"""Versions on record: which there are, which answers now, which did before and by whose word.

Records only, and no numpy: the ingress suggests versions while a person types. The pointer moves
under the condition that nobody moved it meanwhile; what it was before is on record for ever.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from protege.errors import Conflict, Missing, UserError
from protege.shapes import shaped
from protege.storage import Record, Records
from protege.text import Text

Why = Literal["trained", "chosen", "rollback", "undo"]
UNKNOWN = Text("There is no version `{name}` here.", "Версии `{name}` здесь нет.")
DELETED = Text(
    "Version **v{version}** is deleted. For 30 days `/model restore` brings it back.",
    "Версия **v{version}** удалена. В течение 30 дней её вернёт `/model restore`.",
)
NO_FACTS = ("files", "version")


class Move(NamedTuple):
    """What somebody asked for. `id`: of the interaction or job: a second delivery moves once."""

    id: str = ""
    by: str = ""
    why: Why = "trained"
    model: str = ""
    """What the provider calls the model as it serves it; empty where none of a provider's does."""


class Activation(NamedTuple):
    """A version became the active one. `revision`: the pointer's afterwards."""

    revision: int
    before: int
    after: int
    by: str = ""
    why: Why = "trained"
    id: str = ""
    model: str = ""
    at: float = 0.0


class Known(NamedTuple):
    """A version on record."""

    number: int
    facts: Mapping[str, Any]
    """Its manifest without hashes of files: small."""
    deleted_at: float = 0.0
    """Seconds since the epoch; 0: it is there."""
    stale: str = ""
    """Why it holds what it should not; empty where it does not."""

    @property
    def method(self) -> str:
        """How it was trained."""
        return str(self.facts.get("method", "lessons"))

    @property
    def accuracy(self) -> float | None:
        """Share of held-out questions answered rightly, 0 to 1; None where none were asked."""
        found = self.facts.get("evaluation", {})
        return found["accuracy"] if found.get("rows") else None


class Lineage:
    """Every guild's versions; `space` is the guild in every call."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    # ---- which there are -------------------------------------------------------------------------

    def describe(self, space: str, version: int, manifest: Mapping[str, Any]) -> None:
        """Note what a manifest says, to be listed without reading files."""
        facts = {name: value for name, value in manifest.items() if name not in NO_FACTS}
        self._change(space, version, facts=facts)

    def versions(self, space: str, *, deleted: bool = False) -> list[Known]:
        """Those that are there (or that were `deleted`), newest first."""
        stale = {r.id: r.fields["why"] for r in self._records.find(f"stale#{space}")}
        found = (
            _known(record, stale.get(record.id, ""))
            for record in self._records.find(f"version#{space}", newest=True)
            if "facts" in record.fields
        )
        return [known for known in found if bool(known.deleted_at) == deleted]

    def undescribed(self, space: str) -> Iterator[int]:
        """Numbers that are taken, of versions of which nothing is noted."""
        for record in self._records.find(f"version#{space}"):
            if "facts" not in record.fields:
                yield int(record.id)

    def get(self, space: str, number: int) -> Known:
        """A version that is there. Raises UserError (unknown, deleted)."""
        known = self.find(space, number)
        if known is None:
            raise UserError(UNKNOWN, name=f"v{number}")
        if known.deleted_at:
            raise UserError(DELETED, version=number)
        return known

    def find(self, space: str, number: int) -> Known | None:
        """A version, be it deleted; None where there never was one."""
        id = f"{number:08d}"
        try:
            record = self._records.get(f"version#{space}", id)
        except Missing:
            return None
        stale = {r.id: r.fields["why"] for r in self._records.find(f"stale#{space}", prefix=id)}
        return _known(record, stale.get(id, "")) if "facts" in record.fields else None

    def mark_deleted(self, space: str, version: int, *, deleted: bool = True) -> None:
        """Note that a version is deleted, or is back."""
        self._change(space, version, deleted_at=self._now() if deleted else 0.0)

    def _change(self, space: str, version: int, **fields: Any) -> None:
        kind, id = f"version#{space}", f"{version:08d}"
        while True:
            found = self._records.get(kind, id)
            try:
                self._records.put(kind, id, {**found.fields, **fields}, expect=found.version)
            except Conflict:
                continue
            return

    # ---- which answers ---------------------------------------------------------------------------

    def active(self, space: str) -> Activation:
        """The latest move; of version 0 and revision 0 before the first."""
        try:
            found = self._records.get("active", space)
        except Missing:
            return Activation(0, 0, 0)
        fields = {n: v for n, v in found.fields.items() if n in Activation._fields}
        after = int(found.fields["version"])
        return Activation(**{"before": 0, **fields, "revision": found.version, "after": after})

    def move(self, space: str, version: int, revision: int, move: Move) -> Activation:
        """Make a version the active one. Raises Conflict where the pointer is not at `revision`.

        The pointer itself says whence it came, so the history is whole wherever one is interrupted.
        """
        last = self.active(space)
        if move.id and last.id == move.id and last.after == version:
            return last
        self._keep(space, last)
        fields = {"version": version, "before": last.after, "at": self._now(), **move._asdict()}
        self._records.put("active", space, fields, expect=revision)
        moved = self.active(space)
        self._keep(space, moved)
        return moved

    def history(self, space: str) -> list[Activation]:
        """Every move, oldest first."""
        found = [shaped(Activation, r.fields) for r in self._records.find(f"activation#{space}")]
        last = self.active(space)
        return found if not last.revision or last in found else [*found, last]

    def previous(self, space: str) -> int:
        """The version to which a roll-back leads; 0 where there is none.

        Roll-backs go further and further back: each takes back what was newest, undoing included.
        """
        stack = [0]
        for move in self.history(space):
            if move.why == "rollback":
                while len(stack) > 1 and stack[-1] != move.after:
                    stack.pop()
            elif stack[-1] != move.after:
                stack.append(move.after)
        there = {known.number for known in self.versions(space)}
        before = (version for version in reversed(stack[:-1]) if version in there)
        return next((version for version in before if version != self.active(space).after), 0)

    def _keep(self, space: str, moved: Activation) -> None:
        if moved.revision:
            id = f"{moved.revision:010d}"
            self._records.put(f"activation#{space}", id, moved._asdict())


def _known(record: Record, stale: str) -> Known:
    fields = record.fields
    return Known(int(record.id), fields["facts"], fields.get("deleted_at", 0.0), stale)
