"""How often one person, and all people of a guild, may use the bot.

Each has a bucket that holds a minute's worth and is refilled evenly, so nobody waits for a minute
to end, and nobody gets two minutes' worth around the end of one. Of a bucket only the moment is
kept when it is full again (the generic cell rate algorithm).
Source: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from protege import metrics
from protege.errors import Conflict, Missing, UserError
from protege.settings import Settings
from protege.storage import Record, Records
from protege.text import Text

Kind = Literal["asking", "training", "other"]
SHARES: Mapping[Kind, float] = {"asking": 1.0, "training": 1 / 3, "other": 3.0}
"""How many of each fit where one question does: a training reads files and may cost money, a button
costs next to nothing."""
MINUTE_S = 60.0
KEPT_S = 24 * 3600
"""How long it is remembered how many were turned away."""
KNOWN_S = 30.0
"""How long a guild's own limits are remembered, so that they are not read for each question."""
MOST_KNOWN = 1000
YOU = Text(
    "Not so fast, please. You can go on {again}.",
    "Не так быстро, пожалуйста. Продолжить можно {again}.",
)
ALL = Text(
    "So many people here want something at once that I cannot keep up. Please try again {again}.",
    "Здесь сразу столько желающих, что я не успеваю. Попробуйте, пожалуйста, {again}.",
)


class TooOften(UserError):
    """This person, or the whole guild, is to come again at `at` (seconds since the epoch)."""

    def __init__(self, text: Text, at: float) -> None:
        super().__init__(text, again=f"<t:{math.ceil(at)}:R>")
        self.at = at


class Rates(NamedTuple):
    """Most a minute; 0: as many as they like."""

    person: int = 0
    guild: int = 0


class _Buckets(NamedTuple):
    """One guild's, of one kind. Numbers are when they are full again, in epoch seconds."""

    guild: float = 0.0
    people: Mapping[str, float] = {}
    refused: int = 0


class Limits:
    """Exact however many workers ask at once. `space` is the guild in every call."""

    def __init__(
        self,
        records: Records,
        settings: Settings,
        most: Rates,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`most`: the operator's, of questions; a guild may set less."""
        self._records = records
        self._settings = settings
        self._most = most
        self._now = now
        self._known: dict[str, tuple[float, Rates]] = {}

    def check(self, space: str, person: str, kind: Kind) -> None:
        """Count this one in. Raises TooOften where it is one too many: then it counts for nothing.

        Reads and writes one record; and once in half a minute it reads the guild's own limits.
        """
        rates = self.rates(space, kind)
        if not any(rates):
            return
        while True:
            found, now = self._found(space, kind), self._now()
            before = _read(found, now)
            after, refused = _counted(before, person, rates, now)
            if self._put(space, kind, after, found):
                break
        if refused:
            metrics.count("Limited", guild=space)
            raise refused

    def rates(self, space: str, kind: Kind = "asking") -> Rates:
        """What holds here a minute."""
        person, guild = (_share(rate, kind) for rate in self._own(space))
        return Rates(person, guild)

    def forget(self, space: str) -> None:
        """The guild's own limits changed."""
        self._known.pop(space, None)

    def forget_person(self, space: str, person: str) -> None:
        """Keep their id no longer. What they did still counts for the guild as a whole, so nobody
        gets more out of a guild by forgetting themselves."""
        for kind in SHARES:
            found = self._found(space, kind)
            while found and person in found.fields["people"]:
                before = _read(found, self._now())
                others = {who: at for who, at in before.people.items() if who != person}
                if self._put(space, kind, before._replace(people=others), found):
                    break
                found = self._found(space, kind)

    def refused(self, space: str) -> int:
        """How many were turned away here since it was last quiet for a day."""
        return sum(_read(self._found(space, kind), self._now()).refused for kind in SHARES)

    def _own(self, space: str) -> Rates:
        at, rates = self._known.get(space, (-math.inf, self._most))
        if abs(self._now() - at) < KNOWN_S:
            return rates
        rules = self._settings.rules(space)
        own = Rates(int(rules.rate_person or 0), int(rules.rate_guild or 0))
        rates = Rates(*map(_less, self._most, own))
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[space] = self._now(), rates
        return rates

    def _found(self, space: str, kind: Kind) -> Record | None:
        try:
            return self._records.get(f"limit#{space}", kind)
        except Missing:
            return None

    def _put(self, space: str, kind: Kind, after: _Buckets, found: Record | None) -> bool:
        fields: dict[str, Any] = {**after._asdict(), "people": dict(after.people)}
        expect, ends = found.version if found else 0, self._now() + KEPT_S
        try:
            self._records.put(f"limit#{space}", kind, fields, expect=expect, expires_at=ends)
        except Conflict:
            return False
        return True


def _less(most: int, own: int) -> int:
    return min(filter(None, (most, own)), default=0)


def _share(rate: int, kind: Kind) -> int:
    return max(1, round(rate * SHARES[kind])) if rate else 0


def _read(found: Record | None, now: float) -> _Buckets:
    """Whoever's bucket is full needs no entry."""
    if found is None:
        return _Buckets()
    fields = found.fields
    people = {who: at for who, at in fields["people"].items() if _told(at, now)}
    return _Buckets(_told(fields["guild"], now), people, fields["refused"])


def _told(at: float, now: float) -> float:
    """A moment that another clock wrote; 0.0 where it is over, or where that clock goes wrong: no
    bucket takes longer than a minute to fill."""
    if not now < at < now + 2 * MINUTE_S:
        return 0.0
    return min(at, now + MINUTE_S)


def _counted(
    before: _Buckets, person: str, rates: Rates, now: float
) -> tuple[_Buckets, TooOften | None]:
    mine, again = _taken(before.people.get(person, 0.0), rates.person, now)
    all, again_all = _taken(before.guild, rates.guild, now)
    if max(again, again_all) > now:
        text = YOU if again >= again_all else ALL
        refused = before._replace(refused=before.refused + 1)
        return refused, TooOften(text, max(again, again_all))
    people = {**before.people, person: mine} if mine else before.people
    return before._replace(guild=all, people=people), None


def _taken(full_at: float, rate: int, now: float) -> tuple[float, float]:
    """When a bucket is full after one more is taken out; and when there is one to take."""
    if not rate:
        return 0.0, 0.0
    after = max(full_at, now) + MINUTE_S / rate
    return after, after - MINUTE_S
