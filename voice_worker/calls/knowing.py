"""What a call knows of its guild: rules, who may be heard, which questions are likely."""

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from protege.app import App
from protege.errors import BotError, UserError
from protege.voice.consent import KEEPS
from protege.voice.rules import VoiceRules
from voice_worker.speaking.manner import Manner

MOST_HINTS = 500
STALE_S = 10.0
"""How long what is known is good for, where nobody says that it changed: who taught a question is
to be understood when they ask it aloud. Some six small reads, a hundredth of what a worker costs.
"""


class Known(NamedTuple):
    """As it was read at `at` (time.monotonic())."""

    rules: VoiceRules = VoiceRules(listens="nobody")
    agreed: Mapping[str, str] = MappingProxyType({})
    """Who wants to be heard, and what they agreed to have kept."""
    hints: tuple[str, ...] = ()
    """Taught questions, those taught last first."""
    spent: bool = False
    """Whether this month's budget is used up."""
    at: float = float("-inf")

    @property
    def consents(self) -> frozenset[str]:
        """Who wants to be heard."""
        return frozenset(self.agreed)

    def hears(self, user: str) -> bool:
        """Whether this person may be heard, once they know of it."""
        listens = self.rules.listens
        return listens == "everyone" or (listens == "asked" and user in self.agreed)

    def keeps(self, user: str) -> str:
        """What is kept of what this person says: no more than they agreed to, where it is up to
        each to be heard at all."""
        if self.rules.listens == "everyone":
            return self.rules.keep
        return min(self.rules.keep, self.agreed.get(user, "off"), key=KEEPS.index)

    def language(self, usual: str) -> str:
        """What is heard and spoken; `usual`: where no rule says."""
        return self.rules.language or usual

    def manner(self, usual: str, voice: str) -> Manner:
        """How the bot sounds; `voice`: where no rule says."""
        return Manner(self.rules.voice or voice, self.language(usual), self.rules.speed)


def known(app: App, guild: str, now: float | None = None) -> Known:
    """Read all of it. Blocks; raises Unavailable."""
    at = time.monotonic() if now is None else now
    rules, agreed = app.voice_rules.rules(guild), app.consent.agreed(guild)
    return Known(rules, agreed, _hints(app, guild), _spent(app, guild), at)


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
