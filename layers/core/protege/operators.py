"""Who runs the bot: those whom a setting names, else the application's owner or team."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from protege.errors import BotError
from protege.journal import trouble

KEPT_S = 3600.0
"""How long what Discord told is believed."""
ACCEPTED = 2
"""Of a team's member: they said yes to the invitation."""
MAY_ONLY_READ = "read_only"


class Operators:
    """`named`: ids separated by commas, may be empty; `application`: asks Discord who we are, and
    is asked once an hour at most.

    Source: https://docs.discord.com/developers/resources/application#get-current-application and
    https://docs.discord.com/developers/topics/teams#data-models-team-member-object
    """

    def __init__(
        self,
        named: str,
        application: Callable[[], Mapping[str, Any]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._named = frozenset(re.findall("[0-9]+", named))
        self._application = application
        self._now = now
        self._read_at = float("-inf")
        self._read: frozenset[str] = frozenset()

    def has(self, person: str) -> bool:
        """Whether this person does. Where Discord cannot be asked, nobody is known to."""
        if self._named:
            return person in self._named
        if self._now() - self._read_at >= KEPT_S:
            try:
                self._read = frozenset(_owners(self._application()))
            except BotError as error:
                trouble("operators", error)
                return False
            self._read_at = self._now()
        return person in self._read


def _owners(application: Mapping[str, Any]) -> Iterator[str]:
    """A team's application is owned by a user that stands for the team; its people count."""
    team = application.get("team")
    if not team:
        yield str((application.get("owner") or {}).get("id", ""))
        return
    for member in team.get("members") or []:
        if member.get("membership_state") == ACCEPTED and member.get("role") != MAY_ONLY_READ:
            yield str(member["user"]["id"])
