"""Who may be heard in one call: who agreed, or was told that everybody is."""

from typing import Protocol

from protege.voice.consent import KEEPS
from protege.voice.rules import VoiceRules
from voice_worker.calls.ears import Ears
from voice_worker.calls.knowing import Known


class Ear(Protocol):
    """What decodes sound: a `Link` of the line."""

    people: frozenset[str]

    def listen_to(self, users: frozenset[str] | None) -> None:
        """Whom to decode."""


class Audience:
    """Whoever else speaks, a bot too, is neither decoded nor recognised."""

    def __init__(self, link: Ear, ears: Ears) -> None:
        self.heard: frozenset[str] = frozenset()
        self._link, self._ears = link, ears
        self._known = Known()
        self._greeted: frozenset[str] = frozenset()
        self._told: frozenset[str] = frozenset()

    def knows(self, known: Known) -> bool:
        """These are the rules and consents now; whether people are to be told: more is heard, or
        kept, than they were told of before.
        """
        before, self._known = self._known, known
        if before.rules.listens != known.rules.listens:
            self._greeted = self._told = frozenset()
        self._listen()
        return before.at > float("-inf") and _more(before.rules, known.rules)

    def are(self, people: frozenset[str]) -> bool:
        """These people are there now; whether some are to be told that they are heard unasked."""
        self._listen()
        self._ears.only(people.__contains__)
        return self._known.rules.listens == "everyone" and bool(people - self._greeted)

    def greeting(self, people: frozenset[str]) -> None:
        """They are being told."""
        self._greeted |= people

    def told(self, people: frozenset[str], rules: VoiceRules) -> None:
        """They were told of these rules, aloud or in writing."""
        if rules.listens == self._known.rules.listens:
            self._told |= people
            self._listen()

    def _listen(self) -> None:
        known, self.heard = self._known, frozenset()
        if known.rules.listens != "nobody":
            self.heard = known.consents
        if known.rules.listens == "everyone":
            self.heard |= self._told & self._link.people
        self._link.listen_to(self.heard)
        self._ears.only(self.heard.__contains__)


def _more(before: VoiceRules, now: VoiceRules) -> bool:
    if now.listens == "nobody":
        return False
    opened = now.listens == "everyone" != before.listens
    return opened or KEEPS.index(now.keep) > KEEPS.index(before.keep)
