"""Speeches that stand in line: a worker that is killed leaves word of them to the next one."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from protege.errors import BotError
from protege.journal import trouble
from protege.shapes import shaped
from protege.storage import Records
from protege.voice.orders import Order

KIND = "saying"
LIVES_S = 15 * 60
"""As long as the token with which it can be told what became of it."""


class Promises:
    """Courtesies, so never a failure. All of it blocks."""

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def give(self, order: Order) -> None:
        """It is to be said, and nobody else is told any more to say it."""
        try:
            ends = self._now() + LIVES_S
            self._records.put(KIND, order.interaction, order._asdict(), expires_at=ends)
        except BotError as error:
            trouble("promise", error)

    def keep(self, order: Order) -> None:
        """What became of it is told."""
        try:
            self._records.delete(KIND, order.interaction)
        except BotError as error:
            trouble("promise", error)

    def left(self) -> list[Order]:
        """Those of a worker that is gone."""
        try:
            return [_order(found.fields) for found in self._records.find(KIND)]
        except BotError as error:
            trouble("promises", error)
            return []


def _order(fields: Mapping[str, Any]) -> Order:
    """Another version of the bot, before an upgrade or a rollback, may have kept more."""
    return shaped(Order, fields)
