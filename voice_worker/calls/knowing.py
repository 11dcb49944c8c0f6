"""What a call knows of its guild: rules, who may be heard, which questions are likely."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from protege.app import App
from protege.errors import BotError, UserError
from protege.voice.rules import VoiceRules
from voice_worker.speaking.manner import Manner

MOST_HINTS = 500
STALE_S = 60.0
"""How long what is known is good for, where nobody says that it changed."""


class Known(NamedTuple):
    """As it was read at `at` (time.monotonic())."""

    rules: VoiceRules = VoiceRules(listens="nobody")
    consents: frozenset[str] = frozenset()
    hints: tuple[str, ...] = ()
    """Taught questions, those taught last first."""
    spent: bool = False
    """Whether this month's budget is used up."""
    at: float = float("-inf")

    @property
    def listens_to(self) -> frozenset[str] | None:
        """Who may be heard; None: everybody."""
        if self.rules.listens == "everyone":
            return None
        return self.consents if self.rules.listens == "asked" else frozenset()

    def hears(self, user: str) -> bool:
        """Whether this person may be heard."""
        return self.listens_to is None or user in self.listens_to

    def language(self, usual: str) -> str:
        """What is heard and spoken; `usual`: where no rule says."""
        return self.rules.language or usual

    def manner(self, usual: str, voice: str) -> Manner:
        """How the bot sounds; `voice`: where no rule says."""
        return Manner(self.rules.voice or voice, self.language(usual), self.rules.speed)


def known(app: App, guild: str, now: float | None = None) -> Known:
    """Read all of it. Blocks; raises Unavailable."""
    at = time.monotonic() if now is None else now
    rules, consents = app.voice_rules.rules(guild), app.consent.given(guild)
    return Known(rules, consents, _hints(app, guild), _spent(app, guild), at)


def _spent(app: App, guild: str) -> bool:
    try:
        app.spending.check(guild)
    except UserError:
        return True
    return False


def _hints(app: App, guild: str) -> tuple[str, ...]:
    try:
        return tuple(islice(_unique(_taught(app, guild)), MOST_HINTS))
    except BotError:  # a version by another embedder: then there are none
        return ()


def _taught(app: App, guild: str) -> Iterator[str]:
    taught = app.models.taught(guild)
    for correction in reversed(taught.corrections):
        yield correction.lesson.input
    lessons = taught.model.known.shelf
    for row in lessons.shown():
        yield lessons.lessons[int(row)].input


def _unique(texts: Iterable[str]) -> Iterator[str]:
    seen = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text
