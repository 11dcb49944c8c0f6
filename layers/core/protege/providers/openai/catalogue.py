"""When models end: `GET /models` tells the day."""

import time
from collections.abc import Callable
from datetime import date

import openai

from protege.config import Config
from protege.journal import note
from protege.providers.openai.chat import connect
from protege.providers.openai.keys import Key

KEPT_S = 24 * 3600.0
"""How long the list is believed."""


class Catalogue:
    """The provider's models; asked once a day at most, and never in the way when it is down."""

    def __init__(self, config: Config, key: Key, now: Callable[[], float] = time.monotonic) -> None:
        self._client = connect(config, key)
        self._now = now
        self._read_at = float("-inf")
        self._ends: dict[str, date] = {}

    def shutdown(self, model: str) -> date | None:
        """The day on which a model ends; None where none is announced, or nobody tells."""
        if self._now() - self._read_at > KEPT_S:
            self._read_at = self._now()
            self._ends = self._read()
        return self._ends.get(model)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _read(self) -> dict[str, date]:
        try:
            listed = [(model.id, model.shutdown_date) for model in self._client.models.list()]
        except openai.OpenAIError as error:
            note("no list of models", why=type(error).__name__)
            return {}
        found = {id: _day(text) for id, text in listed if text}
        return {id: day for id, day in found.items() if day}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
