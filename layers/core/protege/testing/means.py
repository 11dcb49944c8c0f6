"""What a test works with."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from protege.answers import Answers
from protege.chat import Chat
from protege.datasets.rows import Row
from protege.learning import Embedder
from protege.models import Models
from protege.providers import ChatModel
from protege.providers.prices import Prices
from protege.spending import Spending
from protege.storage import Files
from protege.testing.asking import Asker
from protege.testing.judging import Judge, completing
from protege.testing.plan import Plan
from protege.testing.store import Store
from protege.testing.trial import Trial
from protege.text import Text
from protege.training.jobs import Jobs


class Tried(NamedTuple):
    """Some rows, tried; `unjudged`: why judging ended."""

    trials: list[Trial]
    unjudged: Text | None


class Means(NamedTuple):
    """What a test works with."""

    files: Files
    jobs: Jobs
    chat: Chat
    answers: Answers
    models: Models
    embedder: Callable[[], Embedder]
    store: Store
    model: Callable[[], ChatModel]
    """Who answers and judges."""
    spending: Spending
    prices: Prices

    def ask(
        self,
        space: str,
        plan: Plan,
        rows: Sequence[Row],
        locale: str,
        *,
        first: int = 1,
        seconds: float,
        unjudged: Text | None = None,
    ) -> Tried:
        """Try rows for so many seconds, at least one. `first`: its number.

        Raises as `Asker.ask`, and UserError where reading rows costs more than the budget has.
        """
        self.spending.check_embedding(space)
        judge = self._judge(space, plan, unjudged)
        check = partial(self.spending.check, space)
        asker = Asker(self.chat, self.embedder(), judge, check)
        ends = time.monotonic() + seconds
        trials = asker.ask(space, plan.sides, rows, locale, first=first, ends=ends)
        return Tried(trials, judge.off)

    def _judge(self, space: str, plan: Plan, off: Text | None) -> Judge:
        if not plan.judge:
            return Judge(None)
        return Judge(completing(self.model(), self.spending, space), off)
