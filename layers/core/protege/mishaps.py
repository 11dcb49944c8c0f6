"""What went wrong lately, for whoever runs the bot: ids and reasons, never what people wrote."""

import os
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from protege.errors import BotError
from protege.journal import trouble
from protege.shapes import shaped
from protege.storage import Record, Records

KEPT_S = 14 * 86400
"""As long as a dead letter stays in its queue."""
EVERYWHERE = "mishap"
LOOKED_AT = 200
LONGEST_REASON = 200


class Mishap(NamedTuple):
    """One thing that failed."""

    at: float
    """Seconds since the epoch."""
    space: str
    """The guild, or a private chat; empty where the message told none."""
    interaction: str
    """Id of the interaction, or of the job."""
    command: str
    error: str
    """Name of the exception."""
    reason: str
    """Why it was put aside, or what a service said; empty for an error of our own."""
    where: str
    """The last place of our own that the error passed, as `worker.py:88 work`."""
    dead: bool
    """Whether it was given up: it is among the dead letters."""


class Mishaps:
    """Every guild's."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def note(
        self,
        space: str,
        interaction: str,
        command: str,
        error: BaseException,
        *,
        dead: bool = False,
        reason: str = "",
    ) -> None:
        """Keep a mishap for 14 days. Never raises: whoever notes one has trouble enough."""
        said = reason or (str(error)[:LONGEST_REASON] if isinstance(error, BotError) else "")
        name, where = type(error).__name__, _where(error)
        found = Mishap(self._now(), space, interaction, command, name, said, where, dead)
        id = f"{int(found.at * 1000):014d}-{interaction or os.urandom(6).hex()}"
        try:
            for kind in {EVERYWHERE, _kind(space)}:
                self._put(kind, id, found)
        except Exception as failed:
            trouble("mishap", failed, interaction=interaction)

    def recent(self, space: str | None, most: int = 10) -> list[Mishap]:
        """The latest, newest first, each interaction's last; `None`: of all guilds, for operators.

        Raises Unavailable.
        """
        kind = EVERYWHERE if space is None else _kind(space)
        latest = self._records.find(kind, newest=True, limit=LOOKED_AT)
        return list(islice(_last_of_each(latest), most))

    def _put(self, kind: str, id: str, found: Mishap) -> None:
        self._records.put(kind, id, found._asdict(), expires_at=found.at + KEPT_S)


def _last_of_each(records: Iterator[Record]) -> Iterator[Mishap]:
    seen = set()
    for record in records:
        found = shaped(Mishap, record.fields)
        key = found.interaction or record.id
        if key not in seen:
            yield found
        seen.add(key)


def _kind(space: str) -> str:
    return f"{EVERYWHERE}#{space}"


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "protege" in f.filename] or frames
    if not ours:
        return ""
    last = ours[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno} {last.name}"
