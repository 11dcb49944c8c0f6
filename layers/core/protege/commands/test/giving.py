"""What is to be tried: text, a file, or a dataset; counted while it streams by."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from protege.commands.reading import rows as rows_of
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.errors import UserError
from protege.text import Text

if TYPE_CHECKING:
    from protege.datasets.rows import Problem, Row

NOTHING = Text(
    'Give me something to try: `{"input": "..."}`, a list of those, a file, or a dataset.',
    'Дайте мне что-нибудь на пробу: `{"input": "..."}`, список таких объектов, файл или датасет.',
)
NO_ROWS = Text(
    'I found no question in it. A row looks like `{{"input": "...", "expected": "..."}}`.{why}',
    'Вопросов там нет. Строка выглядит так: `{{"input": "...", "expected": "..."}}`.{why}',
)
FIRST_PROBLEM = Text("\nRow {number}: {why}", "\nСтрока {number}: {why}")
NO_HELD_OUT = Text(
    "“{name}” has no held-out question: one in five is, so small data may have none. With "
    "`held_out:False` I try all its rows, as they were taught.",
    "В «{name}» нет отложенных вопросов: откладывается каждый пятый, в малых данных их может не "
    "быть. С `held_out:False` я проверю все строки, хотя им меня и учили.",
)
NO_ANSWERS = Text(
    "No row of “{name}” has a right answer to compare with.",
    "Ни в одной строке «{name}» нет верного ответа для сравнения.",
)


class Given:
    """The rows to try. `skipped` and `problem` are known once they have streamed by."""

    def __init__(self, items: "Iterable[Row | Problem]", dataset: str, held_out: bool) -> None:
        self._items = items
        self.dataset = dataset
        self.held_out = bool(dataset) and held_out
        self.skipped = 0
        self.problem: Problem | None = None

    def rows(self) -> "Iterator[Row]":
        """The good ones; of a dataset those with an answer, and only the held-out ones if asked."""
        from protege.datasets.rows import Row
        from protege.learning.rehearsal import held_out

        for item in self._items:
            if not isinstance(item, Row):
                self.skipped += 1
                self.problem = self.problem or item
            elif not self.dataset or (item.good and (not self.held_out or held_out(item.input))):
                yield item

    def none(self, locale: str) -> UserError:
        """Why there is no row to try."""
        if self.dataset:
            return UserError(NO_HELD_OUT if self.held_out else NO_ANSWERS, name=self.dataset)
        why = ""
        if self.problem:
            said = {"number": self.problem.number, "why": self.problem.why}
            why = FIRST_PROBLEM.to(locale, **said)
        return UserError(NO_ROWS, why=why)


def given(
    ctx: Context, text: str | None, file: Attachment | None, dataset: str | None, held_out: bool
) -> Given:
    """What a person gave. Raises UserError where that was nothing."""
    from protege.datasets.reading import read

    items: list[Iterator[Row | Problem]] = []
    items += [read([text.encode()], "", answers=False)] if text else []
    items += [rows_of(ctx, file)] if file else []
    if dataset and not items:
        rows = ctx.bot.versions.rows_of(ctx.space, dataset.strip(), ctx.bot.library)
        return Given(rows, dataset.strip(), held_out)
    if dataset or not items:
        raise UserError(EITHER if dataset else NOTHING)
    return Given(chain(*items), "", False)


EITHER = Text(
    "Give me either a dataset or rows of your own, not both.",
    "Дайте либо датасет, либо свои строки — не то и другое сразу.",
)
