"""What a guild's questions and trainings cost, month by month, and how much they may.

Dollars are counted where a model's price is known, tokens always: so a budget of tokens also stops
a model whose price nobody told us.
"""

import calendar
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from protege import metrics
from protege.errors import Conflict, Missing
from protege.providers import Usage
from protege.providers.prices import MILLION, Prices
from protege.settings import Settings
from protege.shapes import shaped
from protege.spending.budgets import NEAR, TOKENS, USD, Account, least
from protege.spending.budgets import Budget as Budget
from protege.spending.budgets import OverBudget as OverBudget
from protege.spending.payers import paid_by as paid_by
from protege.spending.payers import payer as payer
from protege.storage import Records
from protege.text import Text

TRAINING = "training"
"""`what` was done with the tokens: they are priced as training."""
KEPT_S = 400 * 86400
SPENDERS = "spenders"
"""Kind of the records that tell which guilds spent anything in a month."""


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
        most: Budget = Budget(),  # noqa: B008
        now: Callable[[], float] = time.time,
        *,
        embeds: bool = False,
    ) -> None:
        """`most`: what no guild may exceed. `embeds`: whether vectors cost tokens, too."""
        self._records = records
        self._settings = settings
        self._prices = prices
        self._most = most
        self._now = now
        self._embeds = embeds

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
            if not version:
                self._records.put(SPENDERS, f"{self._month()}/{space}", {}, expires_at=expires_at)
            try:
                kept = self._records.put(kind, id, fields, expect=version, expires_at=expires_at)
            except Conflict:
                continue
            if kept.version == 1 or not once:
                metrics.spent(space, spent.tokens_in, spent.tokens_out, spent.dollars)
            return

    def month(self, space: str) -> Spent:
        """What this month has cost so far."""
        total = Spent()
        for record in self._records.find(f"spent#{space}", prefix=f"{self._month()}/"):
            total = _sum(total, shaped(Spent, record.fields))
        return total

    def spenders(self) -> Iterator[str]:
        """Every guild that used a model this month."""
        month = f"{self._month()}/"
        return (
            found.id.removeprefix(month) for found in self._records.find(SPENDERS, prefix=month)
        )

    def ahead(self) -> float:
        """How many times as much a month will cost as it has so far, if it goes on like this."""
        now = time.gmtime(self._now())
        days = calendar.monthrange(now.tm_year, now.tm_mon)[1]
        gone = now.tm_mday - 1 + now.tm_hour / 24 + now.tm_min / 1440
        return days / max(gone, 1.0)

    def budget(self, space: str) -> float | None:
        """Dollars a month: the guild's own setting, never above the operator's; None: no limit."""
        return least(self._settings.rules(space).budget, self._most.dollars)

    def token_budget(self, space: str) -> int | None:
        """The same in tokens, read and written."""
        found = least(self._settings.rules(space).budget_tokens, self._most.tokens)
        return None if found is None else int(found)

    def check(self, space: str, more_dollars: float = 0.0, more_tokens: int = 0) -> None:
        """Raises OverBudget where a budget is used up, or what is to come does not fit in it."""
        accounts = self._accounts(space)
        for account, more in zip(accounts, (more_dollars, more_tokens), strict=True):
            if account:
                account.check(more)

    def check_embedding(self, space: str) -> None:
        """Before many texts become vectors; raises OverBudget where that costs something and a
        budget is used up. A single question is always read: what was taught is answered still."""
        if self._embeds:
            self.check(space)

    def share(self, space: str) -> float | None:
        """How much of the tighter budget is used, 1.0: all of it; None: there is no budget."""
        return max((a.share for a in self._accounts(space) if a), default=None)

    def warning(self, space: str) -> Text | None:
        """That a budget is nearly used up, once a month and guild; else None."""
        tightest = max(filter(None, self._accounts(space)), key=lambda a: a.share, default=None)
        if tightest is None or not NEAR <= tightest.share < 1:
            return None
        try:
            ends = self._now() + KEPT_S
            self._records.put(f"warned#{space}", self._month(), {}, expect=0, expires_at=ends)
        except Conflict:
            return None
        return tightest.warning

    def _accounts(self, space: str) -> "tuple[Account | None, Account | None]":
        rules, most = self._settings.rules(space), self._most
        dollars = least(rules.budget, most.dollars)
        tokens = least(rules.budget_tokens, most.tokens)
        if dollars is None and tokens is None:
            return None, None
        spent = self.month(space)
        used = spent.tokens_in + spent.tokens_out
        return (
            None if dollars is None else Account(dollars, spent.dollars, USD, "budget_usd"),
            None if tokens is None else Account(int(tokens), used, TOKENS, "budget_tokens"),
        )

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
        return shaped(Spent, found.fields), found.version

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
