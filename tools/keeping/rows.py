"""Records from outside, and whose they are."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from protege.storage.limits import check_id

LOCAL = frozenset({"voice-worker", "voice-call", "saying", "registered", "claim", "limit"})
"""Kinds that mean something only where they are: who is at work on what, who came how often."""
BY_ID = frozenset({"settings", "active", "voice", "voice-call"})
"""Kinds whose id is the server's."""


IN_ID = {"running": 0, "spenders": 1}
"""Kinds whose id has the server's as this part of it."""


class Row(NamedTuple):
    """A record. `until`: seconds since the epoch after which it is gone; None: never."""

    kind: str
    id: str
    version: int
    until: float | None
    fields: Mapping[str, Any]

    @property
    def moves(self) -> bool:
        """Whether it means anything elsewhere."""
        return self.kind.partition("#")[0] not in LOCAL

    @property
    def guild(self) -> str:
        """The server's id (in a private chat: what stands for it); empty where it is nobody's."""
        name, _, space = self.kind.partition("#")
        if space:
            return space
        if name in BY_ID:
            return self.id
        if name in IN_ID:
            return self.id.split("/")[IN_ID[name]]
        return str(self.fields.get("space") or self.fields.get("guild", ""))

    def line(self) -> str:
        """As it is written into an archive."""
        return json.dumps(self._asdict(), separators=(",", ":"), allow_nan=False) + "\n"


def row(line: bytes) -> Row:
    """A row from `line`. Raises ValueError, KeyError, TypeError for what is none."""
    found = Row(**json.loads(line))
    check_id(found.kind, found.id)
    return found
