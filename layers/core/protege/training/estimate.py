"""What a training will take, before anybody agrees to it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from protege.datasets.report.tokens import tokens
from protege.datasets.rows import Row
from protege.learning.rehearsal import held_out
from protege.providers import Usage
from protege.providers.prices import MILLION, Price
from protege.training.orders import KINDS

EPOCHS = 3
"""How often a provider reads the rows where nobody tells it: OpenAI's and Bedrock's choice for some
hundred rows."""
SHOWN_WITH, INSTRUCTION, ANSWER = 10, 400, 60
"""Of a call that tunes an instruction: lessons shown, tokens of the instruction, of an answer."""
CALL_S = 4.0
"""What such a call takes, as a rule."""
QUEUE_MIN, ROWS_A_MIN = 15, 400
"""Minutes a provider's job waits as a rule; rows that it reads in a minute."""


class Tally:
    """Counts what a method would train on, as the rows stream by."""

    def __init__(self, method: str) -> None:
        self._line = KINDS[method].line if method in KINDS else None
        self.rows = self.held = 0
        self.tokens = 0.0

    def see(self, row: Row) -> None:
        """The next one."""
        line = self._line(row).decode() if self._line else row.input + row.good + row.bad
        if not line:
            return
        if held_out(row.input):
            self.held += 1
            return
        self.rows += 1
        self.tokens += tokens(row.input) + tokens(row.good) + (tokens(row.bad) if row.bad else 0)

    def see_all(self, rows: Iterable[Row]) -> "Tally":
        """All of them."""
        for row in rows:
            self.see(row)
        return self


class Estimate(NamedTuple):
    """`tokens`: read in training, or by all calls; `usd`: None where the price is not known."""

    rows: int
    held: int
    tokens: int
    usd: float | None
    usd_per_token: float | None
    minutes: int
    calls: int
    model: str

    def as_json(self) -> dict[str, Any]:
        """For the job's record."""
        return self._asdict()


def of_training(tally: Tally, model: str, price: Price | None) -> Estimate:
    """A provider's fine-tuning of `model`."""
    read = round(tally.tokens * EPOCHS)
    each = price.training / MILLION if price and price.training is not None else None
    minutes = QUEUE_MIN + round(tally.rows * EPOCHS / ROWS_A_MIN)
    usd = None if each is None else read * each
    return Estimate(tally.rows, tally.held, read, usd, each, minutes, 0, model)


def of_tuning(tally: Tally, calls: int, model: str, price: Price | None) -> Estimate:
    """A search for a better instruction with so many calls of `model`."""
    all_rows = max(1, tally.rows)
    each = INSTRUCTION + (SHOWN_WITH + 1) * tally.tokens / all_rows
    usage = Usage(round(calls * each), calls * ANSWER)
    usd = price.of(usage) if price else None
    minutes = max(1, round(calls * CALL_S / 60))
    return Estimate(tally.rows, tally.held, sum(usage), usd, None, minutes, calls, model)
