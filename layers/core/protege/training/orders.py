"""What a provider is given to train on: rows as the files that providers read."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from protege.datasets.exports import FORMATS
from protege.datasets.rows import Row
from protege.errors import UserError
from protege.learning.rehearsal import held_out
from protege.providers.wording import told
from protege.text import Text

FEW = Text(
    "The provider takes {least} {what} at least, and here are {n} to train on (and {held} more "
    "that are kept to test with). Teach me more of them, or use the method `lessons`: it learns "
    "from one.",
    "Провайдеру нужно не меньше чем {least} {what}, а для обучения есть {n} (и ещё {held} "
    "отложено для проверки). Добавьте данных или выберите метод `lessons`: ему хватит и одной "
    "строки.",
)
MANY = Text(
    "The provider takes {most} {what} at most, and here are {n}. Train on a part of them "
    "(`/dataset split`), or use the method `lessons`: it has no such limit.",
    "Провайдер берёт не больше чем {most} {what}, а их {n}. Обучите на части данных "
    "(`/dataset split`) или выберите метод `lessons`: у него нет такого предела.",
)
ANSWERED = Text("rows with a right answer", "строк с верным ответом")
PAIRED = Text(
    "questions with both a right and a wrong answer", "вопросов и с верным, и с неверным ответом"
)


class Kind(NamedTuple):
    """What a method's provider takes. `format`: its name in `datasets.exports`."""

    format: str
    trains: Literal["sft", "preference"]
    what: Text
    least: int
    most: int

    def fits(self, row: Row) -> bool:
        """Whether the provider can be given this row."""
        return FORMATS[self.format].fault(row) is None

    def line(self, row: Row, system: str) -> bytes:
        """A row that fits. `system`: what goes before the question, as when answering."""
        return FORMATS[self.format].line(row, system)

    def check(self, rows: int, held: int) -> None:
        """Raises UserError where there are too few or too many `rows` to train on."""
        if rows < self.least:
            raise UserError(FEW, least=self.least, what=self.what, n=rows, held=held)
        if rows > self.most:
            raise UserError(MANY, most=self.most, what=self.what, n=rows)


KINDS = {
    "sft": Kind("sft", "sft", ANSWERED, 10, 50_000),
    "preference": Kind("preference", "preference", PAIRED, 10, 50_000),
    "bedrock": Kind("bedrock", "sft", ANSWERED, 8, 20_000),
}
"""By method. OpenAI takes 10 rows at least and 50,000 as a rule, Bedrock 8 to 20,000 for Nova.
Sources: https://platform.openai.com/docs/guides/supervised-fine-tuning and
https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html
"""


def lines(method: str, rows: Iterable[Row], *, held: bool, instruction: str) -> Iterator[bytes]:
    """Those rows that fit, as lines: what is trained on, or what is `held` out to test with.

    The guild's `instruction` goes before each, below our rules, as it does when questions are
    answered: a model is trained for what it will be told.
    """
    kind, system = KINDS[method], told(instruction)
    for row in rows:
        if held_out(row.input) == held and kind.fits(row):
            yield kind.line(row, system)
