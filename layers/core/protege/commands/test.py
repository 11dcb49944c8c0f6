"""/test: what would you answer to these?"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

from protege.commands.reading import rows as rows_of
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import File, Reply
from protege.errors import UserError
from protege.text import Text, one_line
from protege.ui.declare import Option, command

if TYPE_CHECKING:
    from protege.datasets.rows import Problem, Row
    from protege.testing import Report, Trial

MOST_ROWS = 500
SHOWN_ROWS = 8
SHOWN_CHARACTERS = 70
NOTHING = Text(
    'Give me something to try: `{"input": "..."}`, a list of those, or a file.',
    'Дайте мне что-нибудь на пробу: `{"input": "..."}`, список таких объектов или файл.',
)
NO_ROWS = Text(
    'I found no question in it. A row looks like `{"input": "...", "expected": "..."}`.',
    'Вопросов там нет. Строка выглядит так: `{"input": "...", "expected": "..."}`.',
)
TOO_MANY = Text(
    "{rows} rows are too many for one test; I take up to {most}.",
    "{rows} строк — слишком много для одной проверки; я беру до {most}.",
)
SCORE = Text(
    "🧪 **{exact} %** exactly right, **{similar} %** alike, on {rows} rows ({version}).",
    "🧪 Точно верно: **{exact} %**, похоже: **{similar} %**, строк: {rows} ({version}).",
)
NO_SCORE = Text("🧪 {rows} predictions ({version}).", "🧪 Предсказаний: {rows} ({version}).")
VERSION = Text("version v{n} and later corrections", "версия v{n} и новые исправления")
UNTRAINED = Text("no training yet, corrections only", "обучения ещё не было, только исправления")
LATE = Text(
    "\nTime ran out: {left} rows were not tried.",
    "\nНе хватило времени: не проверено строк: {left}.",
)
MORE = Text("\n… and {n} more in the file.", "\n… и ещё {n} в файле.")
EXPECTED = Text(" — expected: {answer}", " — ожидалось: {answer}")


@command(
    title=Text("test", "проверить"),
    about=Text(
        "Try me on questions; with expected answers I give a score",
        "Проверить меня на вопросах; с верными ответами — с оценкой",
    ),
    runs="later",
)
def test(
    ctx: Context,
    test_data: Annotated[
        str | None,
        Option(Text('JSON: {"input": "..."}, or a list', 'JSON: {"input": "..."} или список')),
    ] = None,
    attachment: Annotated[
        Attachment | None,
        Option(Text("JSONL, JSON, CSV, TSV or text", "JSONL, JSON, CSV, TSV или текст")),
    ] = None,
) -> Reply:
    """Answer each row; compare where the right answer is known."""
    from protege.testing import table, try_out

    rows = _rows(ctx, test_data, attachment)
    report = try_out(ctx.bot.chat, ctx.space, rows, ctx.interaction.locale)
    files = (File("predictions.csv", table(report), "text/csv"),) if len(rows) > 1 else ()
    return Reply(_summary(ctx, report), files=files)


def _rows(ctx: Context, text: str | None, file: Attachment | None) -> "list[Row]":
    """The rows to try. Raises UserError where there are none or too many; holds no more."""
    from protege.datasets.reading import read
    from protege.datasets.rows import Row

    given: list[Iterator[Row | Problem]] = []
    given += [read([text.encode()], "", answers=False)] if text else []
    given += [rows_of(ctx, file)] if file else []
    if not given:
        raise UserError(NOTHING)
    good = (item for item in chain(*given) if isinstance(item, Row))
    rows = list(islice(good, MOST_ROWS))
    if not rows:
        raise UserError(NO_ROWS)
    if more := sum(1 for _ in good):
        raise UserError(TOO_MANY, rows=MOST_ROWS + more, most=MOST_ROWS)
    return rows


def _summary(ctx: Context, report: "Report") -> str:
    lines = [_head(ctx, report), *(_line(ctx, t) for t in report.trials[:SHOWN_ROWS])]
    content = "\n".join(lines)
    if len(report.trials) > SHOWN_ROWS:
        content += ctx.say(MORE, n=len(report.trials) - SHOWN_ROWS)
    if report.rows > len(report.trials):
        content += ctx.say(LATE, left=report.rows - len(report.trials))
    return content


def _head(ctx: Context, report: "Report") -> str:
    version = ctx.say(VERSION, n=report.version) if report.version else ctx.say(UNTRAINED)
    if report.exact is None or report.similarity is None:
        return ctx.say(NO_SCORE, rows=len(report.trials), version=version)
    exact, similar = round(100 * report.exact), round(100 * report.similarity)
    return ctx.say(SCORE, exact=exact, similar=similar, rows=len(report.trials), version=version)


def _line(ctx: Context, trial: "Trial") -> str:
    mark = "▫️" if not trial.expected else "✅" if trial.exact else "❌"
    line = f"{mark} {_short(trial.input)} → {_short(trial.predicted)}"
    if trial.expected and not trial.exact:
        line += ctx.say(EXPECTED, answer=_short(trial.expected))
    return line


def _short(text: str) -> str:
    """One line, short, with Markdown of its own shown as it is."""
    line = one_line(text, SHOWN_CHARACTERS)
    return "".join(f"\\{c}" if c in "*_`~|>#" else c for c in line)
