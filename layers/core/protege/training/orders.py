"""What a provider is given to train on: rows as the files that providers read."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from protege.datasets.rows import Row
from protege.datasets.writing import chat, preference
from protege.errors import UserError
from protege.learning.rehearsal import held_out
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
    """What a method's provider takes. `line`: a row as a line, empty where it does not fit."""

    line: Callable[[Row], bytes]
    trains: Literal["sft", "preference"]
    what: Text
    least: int
    most: int

    def check(self, rows: int, held: int) -> None:
        """Raises UserError where there are too few or too many `rows` to train on."""
        if rows < self.least:
            raise UserError(FEW, least=self.least, what=self.what, n=rows, held=held)
        if rows > self.most:
            raise UserError(MANY, most=self.most, what=self.what, n=rows)


def pair(row: Row) -> bytes:
    """One line of OpenAI's preference format; empty without both answers."""
    return preference(row) if row.good and row.bad else b""


def conversation(row: Row) -> bytes:
    """One line of Bedrock's format for text; empty without a right answer.

    Source: https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html
    """
    if not row.good:
        return b""
    turns = (("user", row.input), ("assistant", row.good))
    messages = [{"role": role, "content": [{"text": text}]} for role, text in turns]
    found = {"schemaVersion": "bedrock-conversation-2024", "messages": messages}
    return (json.dumps(found, ensure_ascii=False) + "\n").encode()


KINDS = {
    "sft": Kind(chat, "sft", ANSWERED, 10, 50_000),
    "preference": Kind(pair, "preference", PAIRED, 10, 50_000),
    "bedrock": Kind(conversation, "sft", ANSWERED, 8, 20_000),
}
"""By method. OpenAI takes 10 rows at least and 50,000 as a rule, Bedrock 8 to 20,000 for Nova.
Sources: https://platform.openai.com/docs/guides/supervised-fine-tuning and
https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html
"""


def lines(method: str, rows: Iterable[Row], *, held: bool) -> Iterator[bytes]:
    """Those rows that fit, as lines: what is trained on, or what is `held` out to test with."""
    line = KINDS[method].line
    return filter(None, (line(row) for row in rows if held_out(row.input) == held))
