"""How much a guild may use in a month, and what is said when that is nearly or all used up."""

import math
from typing import NamedTuple

from protege.errors import UserError
from protege.text import Text

OVER_BUDGET = Text(
    "This month's budget of this server is {budget}, used so far: {spent}. What I was "
    "taught word for word I still answer. It begins anew on the first (UTC). Who manages the "
    "server can raise it: `/settings {option}`.",
    "Бюджет этого сервера на месяц — {budget}, потрачено {spent}. На то, чему меня научили "
    "дословно, я отвечаю и дальше. Первого числа (UTC) отсчёт начнётся заново. Кто управляет "
    "сервером, может его поднять: `/settings {option}`.",
)
TOO_DEAR = Text(
    "This would cost about {more}. This month's budget of this server is {budget}, used so far: "
    "{spent}. Who manages the server can raise it: `/settings {option}`.",
    "Это стоило бы около {more}. Бюджет этого сервера на месяц — {budget}, потрачено {spent}. Кто "
    "управляет сервером, может его поднять: `/settings {option}`.",
)
NEARLY = Text(
    "💸 {share} % of this month's budget is used ({spent} of {budget}). At 100 % I answer only "
    "what I was taught word for word, until the first (UTC). To raise it: `/settings {option}`.",
    "💸 Потрачено {share} % бюджета на этот месяц ({spent} из {budget}). Когда будет 100 %, я до "
    "первого числа (UTC) отвечаю только то, чему меня научили дословно. Поднять бюджет: "
    "`/settings {option}`.",
)
USD = Text("${n:,.2f}", "${n:,.2f}")
TOKENS = Text("{n:,} tokens", "{n:,} токенов")
NEAR = 0.8
"""Of a budget: trainers are told."""


class Budget(NamedTuple):
    """Most a month; 0: as much as each guild sets, or takes."""

    dollars: float = 0.0
    tokens: int = 0


class OverBudget(UserError):
    """What is asked for costs something, and the budget does not allow it."""


class Account(NamedTuple):
    """One budget and what was taken from it, in `unit`s; `option` of /settings changes it."""

    budget: float
    spent: float
    unit: Text
    option: str

    @property
    def share(self) -> float:
        """1.0 and more: it is used up."""
        return self.spent / self.budget if self.budget else 1.0

    def check(self, more: float) -> None:
        """Raises OverBudget where it is used up, or `more` does not fit in it."""
        if self.spent >= self.budget:
            raise self._error(OVER_BUDGET)
        if self.spent + more > self.budget:
            raise self._error(TOO_DEAR, more)

    @property
    def warning(self) -> Text:
        """That it is nearly used up."""
        words = {**self._words(), "share": math.floor(100 * self.share)}
        return Text(*(NEARLY.to(locale, **words) for locale in Text._fields))

    def _error(self, text: Text, more: float = 0.0) -> OverBudget:
        """The budget in words."""
        return OverBudget(text, **self._words(), more=said(self.unit, more))

    def _words(self) -> dict[str, object]:
        amounts = {"budget": self.budget, "spent": self.spent}
        return {"option": self.option, **{k: said(self.unit, v) for k, v in amounts.items()}}


def said(unit: Text, n: float) -> Text:
    """An amount in every language."""
    return Text(unit.en.format(n=n), unit.ru.format(n=n).replace(",", "\u00a0"))


def least(own: str, most: float) -> float | None:
    """A guild's zero stops all; the operator's stops none."""
    limits = ([float(own)] if own else []) + ([most] if most else [])
    return min(limits, default=None)
