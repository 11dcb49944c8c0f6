"""What a guild's questions and trainings cost, month by month, and how much they may."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from protege.errors import Conflict, Missing, UserError
from protege.providers import Usage
from protege.providers.prices import MILLION, Prices
from protege.settings import Settings
from protege.storage import Records
from protege.text import Text

TRAINING = "training"
"""`what` was done with the tokens: they are priced as training."""
KEPT_S = 400 * 86400
OVER_BUDGET = Text(
    "This month's budget of this server is ${budget:.2f}, and ${spent:.2f} of it are spent. It "
    "begins anew on the first (UTC). Who manages the server can raise it: `/settings budget_usd`.",
    "Бюджет этого сервера на месяц — ${budget:.2f}, потрачено ${spent:.2f}. Первого числа (UTC) "
    "отсчёт начнётся заново. Кто управляет сервером, может его поднять: `/settings budget_usd`.",
)
TOO_DEAR = Text(
    "This would cost about ${more:.2f}. This month's budget of this server is ${budget:.2f}, and "
    "${spent:.2f} of it are spent. Who manages the server can raise it: `/settings budget_usd`.",
    "Это стоило бы около ${more:.2f}. Бюджет этого сервера на месяц — ${budget:.2f}, потрачено "
    "${spent:.2f}. Кто управляет сервером, может его поднять: `/settings budget_usd`.",
)


_payer = ContextVar("payer", default="")


@contextmanager
def paid_by(space: str) -> Iterator[None]:
    """Within it, what is used without a guild's name is this guild's: the embedder serves all of
    them and cannot know whose text it reads."""
    before = _payer.set(space)
    try:
        yield
    finally:
        _payer.reset(before)


def payer() -> str:
    """The guild that `paid_by` named; empty: none."""
    return _payer.get()


class Spent(NamedTuple):
    """A month's sum. `unpriced_tokens`: of models whose price nobody told us, in no dollar here."""

    dollars: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    unpriced_tokens: int = 0
    seconds: float = 0
    """Of sound that was listened to."""
    unpriced_s: float = 0
    """Of them those that a model heard whose price nobody told us."""


class Spending:
    """Every guild's; `space` is the guild in every call. Months are those of UTC."""

    def __init__(
        self,
        records: Records,
        settings: Settings,
        prices: Prices,
        most: float = 0.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`most`: dollars a month that no guild may exceed; 0: as much as each sets, or takes."""
        self._records = records
        self._settings = settings
        self._prices = prices
        self._most = most
        self._now = now

    def note(self, space: str, what: str, model: str, usage: Usage, *, once: str = "") -> None:
        """Add what was used. `what`: `chat`, `judge`, `tune`, `training` (tokens as input) ...

        `once`: a name under which it counts once however often it is noted within a month.
        """
        if not any(usage):
            return
        spent, expires_at = self._priced(what, model, usage), self._now() + KEPT_S
        kind, id = f"spent#{space}", "/".join(filter(None, (self._month(), what, model, once)))
        while True:
            before, version = (Spent(), None) if once else self._found(kind, id)
            fields = _sum(before, spent)._asdict()
            try:
                self._records.put(kind, id, fields, expect=version, expires_at=expires_at)
            except Conflict:
                continue
            return

    def month(self, space: str) -> Spent:
        """What this month has cost so far."""
        total = Spent()
        for record in self._records.find(f"spent#{space}", prefix=f"{self._month()}/"):
            total = _sum(total, Spent(**record.fields))
        return total

    def budget(self, space: str) -> float | None:
        """Dollars a month: the guild's own setting, never above the operator's; None: no limit."""
        own = self._settings.rules(space).budget
        limits = [float(own)] if own else []  # a guild's zero stops all; the operator's stops none
        return min(limits + [self._most] * bool(self._most), default=None)

    def check(self, space: str, more_dollars: float = 0.0) -> None:
        """Raises UserError where the budget is used up, or `more_dollars` do not fit in it."""
        budget = self.budget(space)
        if budget is None:
            return
        spent = self.month(space).dollars
        if spent >= budget:
            raise UserError(OVER_BUDGET, budget=budget, spent=spent)
        if spent + more_dollars > budget:
            raise UserError(TOO_DEAR, budget=budget, spent=spent, more=more_dollars)

    def _priced(self, what: str, model: str, usage: Usage) -> Spent:
        price = self._prices.of(model)
        tokens, (read, made, seconds) = usage.input + usage.output, usage
        if price is None or (what == TRAINING and price.training is None):
            return Spent(0.0, read, made, tokens, seconds, seconds)
        if what == TRAINING:
            return Spent(tokens * (price.training or 0.0) / MILLION, read, made)
        return Spent(price.of(usage), read, made, 0, seconds)

    def _found(self, kind: str, id: str) -> tuple[Spent, int]:
        try:
            found = self._records.get(kind, id)
        except Missing:
            return Spent(), 0
        return Spent(**found.fields), found.version

    def _month(self) -> str:
        return time.strftime("%Y-%m", time.gmtime(self._now()))


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(
        one.dollars + other.dollars,
        one.tokens_in + other.tokens_in,
        one.tokens_out + other.tokens_out,
        one.unpriced_tokens + other.unpriced_tokens,
        one.seconds + other.seconds,
        one.unpriced_s + other.unpriced_s,
    )
