"""The ways to train: what each asks of the data, and what it may cost."""

from typing import NamedTuple

from protege.datasets.report.figures import Report
from protege.text import Text


class Price(NamedTuple):
    """What tokens cost. None: nobody publishes it, so that one has to ask."""

    model: str = ""
    input_usd: float | None = None
    """US dollars for a million tokens that are read."""
    output_usd: float | None = None
    """The same for tokens that are written."""
    as_of: str = "2026-11-21"
    source: str = ""


class Method(NamedTuple):
    """One way to train. `counts`: which rows count, by the name of a number in the report."""

    name: str
    title: Text
    counts: str
    least: int
    most: int
    needs: Text


ANSWERED = Text("rows with an answer", "строк с ответом")
PAIRED = Text("questions with a right and a wrong answer", "вопросов с верным и неверным ответом")
NO_LIMIT = 10**9
METHODS = (
    Method("lessons", Text("lessons", "уроки"), "good", 1, NO_LIMIT, ANSWERED),
    Method(
        "instruction",
        Text("lessons + tuned instruction", "уроки + подбор инструкции"),
        "answered",
        25,
        NO_LIMIT,
        ANSWERED,
    ),
    Method("supervised", Text("fine-tuning", "дообучение"), "answered", 10, NO_LIMIT, ANSWERED),
    Method(
        "preference",
        Text("preference tuning", "обучение на предпочтениях"),
        "pairs",
        10,
        NO_LIMIT,
        PAIRED,
    ),
    Method("bedrock", Text("Amazon Bedrock", "Amazon Bedrock"), "answered", 8, 20_000, ANSWERED),
)
"""`least` and `most`: OpenAI's fine-tuning takes 10 rows at least; Bedrock 8 to 20,000 for Nova.
An instruction is proven by five questions that are held out, which are one in five."""
PRICES = {
    "lessons": Price("", 0.0, 0.0, source="runs on this machine"),
    "instruction": Price("gpt-6-luna", 0.10, 0.50, source="OpenAI's price list"),
    "supervised": Price(source="differs between providers; new jobs at OpenAI end 2027-01-06"),
    "preference": Price(source="differs between providers; new jobs at OpenAI end 2027-01-06"),
    "bedrock": Price(source="differs between models and regions, and hosting is extra"),
}
"""The one table of prices."""
TRIES = 500
"""Questions that a tuning of the instruction asks the model: the usual small budget."""
EXAMPLES = 10
"""Examples that are shown with each of them."""
INSTRUCTION = 400
"""Tokens of an instruction, as a rule."""
PASSES = 3
"""How often fine-tuning reads the rows, as a rule."""
MILLION = 1e6


class Estimate(NamedTuple):
    """One method on one set of rows. `usd` None: ask the provider. `tokens`: read in training."""

    method: Method
    rows: int
    tokens: int
    usd: float | None
    price: Price

    @property
    def enough(self) -> bool:
        """Whether there are enough rows."""
        return self.rows >= self.method.least

    @property
    def too_many(self) -> bool:
        """Whether there are more rows than the method takes."""
        return self.rows > self.method.most


def estimates(report: Report, prices: dict[str, Price] = PRICES) -> list[Estimate]:
    """Every method on these rows, cheapest kind first. `prices`: by the name of the method."""
    found = []
    for method in METHODS:
        rows: int = getattr(report, method.counts)
        read, written = _tokens(method, report, rows)
        price = prices[method.name]
        found.append(Estimate(method, rows, read, _usd(price, read, written), price))
    return found


def _tokens(method: Method, report: Report, rows: int) -> tuple[int, int]:
    """Tokens that training reads and writes."""
    each = report.tokens.total / max(1, report.good)
    if method.name == "lessons":
        return report.tokens.total, 0
    if method.name == "instruction":
        answer = report.tokens.good / max(1, report.answered)
        return round(TRIES * (INSTRUCTION + (EXAMPLES + 1) * each)), round(TRIES * answer)
    return round(PASSES * each * rows), 0


def _usd(price: Price, read: int, written: int) -> float | None:
    if price.input_usd is None or price.output_usd is None:
        return None
    return (read * price.input_usd + written * price.output_usd) / MILLION
