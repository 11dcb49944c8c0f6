"""What a test will cost, before it is begun."""

from collections.abc import Sequence
from typing import NamedTuple

from protege.datasets.report.tokens import tokens
from protege.datasets.rows import Row
from protege.providers import Usage
from protege.providers.prices import Prices

EXAMPLES = 10
"""Lessons that a model is shown with each question (`chat.EXAMPLES`); each some row's length."""
RULES = 250
"""Tokens of instructions, for answering and for judging alike."""
LEAST_ANSWER = 60
GRADE = 50
"""Tokens of what a judge says."""
ASK_ABOVE_USD = 0.05
"""What costs more is begun when a trainer agrees."""
ASK_ABOVE_CALLS = 200
"""The same where nobody told us the price."""


class Size(NamedTuple):
    """How much is to be asked: rows, rows with a right answer, their tokens."""

    rows: int = 0
    expected: int = 0
    questions: float = 0.0
    answers: float = 0.0

    def plus(self, row: Row) -> "Size":
        """With one more row."""
        return Size(
            self.rows + 1,
            self.expected + bool(row.good),
            self.questions + tokens(row.input),
            self.answers + tokens(row.good),
        )


class Cost(NamedTuple):
    """An estimate, from above. `dollars`: None where a price is not known."""

    calls: int = 0
    tokens: int = 0
    dollars: float | None = 0.0

    @property
    def worth_asking(self) -> bool:
        """Whether a person should agree first."""
        if self.dollars is None:
            return self.calls > ASK_ABOVE_CALLS
        return self.dollars > ASK_ABOVE_USD


def estimate(size: Size, models: Sequence[str], judge: str, prices: Prices) -> Cost:
    """`models`: who answers on each side, `judge`: who grades; empty where that costs nothing."""
    questions, answers = round(size.questions), round(size.answers)
    shown = (EXAMPLES + 1) * (questions + answers)
    answering = Usage(RULES * size.rows + shown, max(answers, LEAST_ANSWER * size.rows))
    compared = questions + 2 * answers
    grading = Usage(RULES * size.expected + compared, GRADE * size.expected)
    calls = [(model, size.rows, answering) for model in models if model]
    calls += [(judge, size.expected, grading) for _ in models if judge]
    priced = [prices.cost(model, usage) for model, _, usage in calls]
    known = [dollars for dollars in priced if dollars is not None]
    return Cost(
        sum(count for _, count, _ in calls),
        sum(usage.tokens for _, _, usage in calls),
        sum(known) if len(known) == len(priced) else None,
    )
