"""Who has the floor. Pure: told what happens, it says what to do; times are seconds of any clock.

A person who may do so interrupts by speaking. The bot falls silent at once, and waits for words:
where none come (a cough, a door), it goes on with what it was saying. Words that come later still,
from an engine that took its time, end it all the same.
"""

from typing import Literal

RESUME_S = 2.0
"""How long an interruption may be without words. LiveKit's default."""
Deed = Literal["nothing", "hush", "resume", "drop"]
"""`hush`: stop the voice, keep what is left to say; `resume`: say it after all; `drop`: it is over,
whatever still writes it is to stop."""


class Turns:
    """One call's. `speaks` and `spoke` tell of the bot; `began`, `ended` and `words` of people."""

    def __init__(self, resume_s: float = RESUME_S) -> None:
        self._resume_s = resume_s
        self._speaking = False
        self._hushed_by: set[str] = set()
        self._late: set[str] = set()
        self._voices: dict[str, bool] = {}
        self._since = 0.0

    @property
    def speaking(self) -> bool:
        """Whether the bot has the floor and uses it."""
        return self._speaking and not self.hushed

    @property
    def hushed(self) -> bool:
        """Whether the bot was interrupted and does not know yet if that was meant."""
        return bool(self._hushed_by)

    @property
    def heard(self) -> frozenset[str]:
        """Who speaks now."""
        return frozenset(user for user, voice in self._voices.items() if voice)

    def speaks(self) -> None:
        """The bot begins, or has something new to say: an older interruption is settled."""
        self._speaking = True
        self._hushed_by.clear()
        self._late.clear()

    def spoke(self) -> None:
        """The bot said all it had to say; of what it was hushed in, it did not."""
        if not self.hushed:
            self._speaking = False
            self._late.clear()

    def began(self, user: str, at: float, *, may: bool) -> Deed:
        """Somebody speaks; `may`: whether they may interrupt."""
        self._voices[user] = True
        if not (may and self._speaking):
            return "nothing"
        first = not self.hushed
        self._hushed_by.add(user)
        self._since = at
        return "hush" if first else "nothing"

    def ended(self, user: str, at: float) -> None:
        """Somebody stopped; what they said is being recognised."""
        self._voices.pop(user, None)
        if user in self._hushed_by:
            self._since = at

    def words(self, user: str, text: str, at: float) -> Deed:
        """What somebody said turned out to be this; empty: no words, or none that could be heard.

        Their words count only where they interrupted: others may speak beside the bot.
        """
        late = user in self._late
        self._late.discard(user)
        if user not in self._hushed_by:
            return self._drop() if late and text.strip() else "nothing"
        if text.strip():
            return self._drop()
        self._hushed_by.discard(user)
        return self._resumed() if not self._hushed_by else "nothing"

    def gone(self, user: str) -> Deed:
        """Somebody left, or is not listened to any more; so they do not interrupt, either."""
        self._voices.pop(user, None)
        return self.words(user, "", self._since)

    def tick(self, now: float) -> Deed:
        """Whether it has waited long enough for words of those who no longer speak."""
        still = any(user in self._voices for user in self._hushed_by)
        if not self.hushed or still or now - self._since < self._resume_s:
            return "nothing"
        self._late |= self._hushed_by
        self._hushed_by.clear()
        return self._resumed()

    def _drop(self) -> Deed:
        self._hushed_by.clear()
        self._late.clear()
        self._speaking = False
        return "drop"

    def _resumed(self) -> Deed:
        return "resume" if self._speaking else "nothing"
