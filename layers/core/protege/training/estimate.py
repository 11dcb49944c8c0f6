"""What a training will take, before anybody agrees to it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from protege.datasets.report.tokens import tokens
from protege.datasets.rows import Row
from protege.learning.rehearsal import held_out
from protege.providers import Usage
from protege.providers.prices import MILLION, Price
from protege.providers.wording import told
from protege.training.orders import KINDS
from protege.training.weighing.proof import MOST

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
        self._kind = KINDS.get(method)
        self.rows = self.held = self.voted = 0
        self.tokens = 0.0

    def see(self, row: Row) -> None:
        """The next one."""
        if self._kind and not self._kind.fits(row):
            return
        if held_out(row.input):
            self.held += 1
            return
        self.rows += 1
        bad = "" if self._kind and self._kind.trains == "sft" else row.bad
        self.tokens += sum(map(tokens, (row.input, row.good, bad)))

    def see_all(self, rows: Iterable[Row]) -> "Tally":
        """All of them."""
        for row in rows:
            self.see(row)
        return self

    def see_voted(self, rows: Iterable[Row]) -> None:
        """Those that votes add."""
        before = self.rows + self.held
        self.see_all(rows)
        self.voted = self.rows + self.held - before


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
    voted: int = 0
    """How many of the rows, also of those held out, are votes."""

    def as_json(self) -> dict[str, Any]:
        """For the job's record."""
        return self._asdict()


def of_training(tally: Tally, instruction: str, model: str, price: Price | None) -> Estimate:
    """A provider's fine-tuning of `model`, and the calls that prove it: as dear as that model's.

    `instruction`: the guild's, which goes with every row.
    """
    read = round((tally.tokens + tally.rows * tokens(told(instruction))) * EPOCHS)
    calls = 2 * min(MOST, tally.held)
    minutes = QUEUE_MIN + round(tally.rows * EPOCHS / ROWS_A_MIN + calls * CALL_S / 60)
    usd = each = None
    if price and price.training is not None:
        each = price.training / MILLION
        usd = read * each + price.of(_asking(tally, calls))
    found = Estimate(tally.rows, tally.held, read, usd, each, minutes, calls, model)
    return found._replace(voted=tally.voted)


def of_tuning(tally: Tally, calls: int, model: str, price: Price | None) -> Estimate:
    """A search for a better instruction with so many calls of `model`."""
    usage = _asking(tally, calls)
    usd = price.of(usage) if price else None
    minutes = max(1, round(calls * CALL_S / 60))
    return Estimate(tally.rows, tally.held, usage.tokens, usd, None, minutes, calls, model)


def _asking(tally: Tally, calls: int) -> Usage:
    """So many calls, with lessons as they are shown."""
    each = INSTRUCTION + (SHOWN_WITH + 1) * tally.tokens / max(1, tally.rows)
    return Usage(round(calls * each), calls * ANSWER)
