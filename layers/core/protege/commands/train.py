"""/train: teach the bot from data."""

from typing import TYPE_CHECKING, Annotated, Any

from protege.commands.reading import arriving
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protege.datasets.rows import Problem, Row
    from protege.training.jobs import Job

STARTED = Text(
    "🎓 Training job `{job}` has started with {rows} rows.{problems}",
    "🎓 Задание на обучение `{job}` запущено, строк: {rows}.{problems}",
)
REJECTED = Text("\nLeft out: {count} rows — {some}", "\nПропущено строк: {count} — {some}")
ROW = Text("row {number}: {why}", "строка {number}: {why}")
NOTHING = Text(
    "Give me something to learn: a file, `question => answer` as text, or a folder.",
    "Дайте мне что-нибудь выучить: файл, текст вида `вопрос => ответ` или папку.",
)
NO_ROWS = Text(
    "I found no row to learn from.{problems}", "Я не нашёл ни одной строки для обучения.{problems}"
)
FOLDER = "uploads"
SHOWN_PROBLEMS = 5


def folders(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's own folders of training data."""
    return tuple(Choice(name, name) for name in ctx.bot.library.folders(ctx.space, typed))


@command(
    title=Text("train", "обучить"),
    about=Text(
        "Teach me from a file, a text or a folder", "Обучить меня по файлу, тексту или папке"
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
)
def train(
    ctx: Context,
    data: Annotated[
        str | None,
        Option(Text("Rows as text: question => answer", "Строки текстом: вопрос => ответ")),
    ] = None,
    data_dir: Annotated[
        str | None,
        Option(
            Text(
                "A folder of data here; with a file: where to keep it",
                "Папка с данными; с файлом: куда его положить",
            ),
            suggest=folders,
            longest=100,
        ),
    ] = None,
    positive: Annotated[
        bool,
        Option(Text("False: examples of what NOT to say", "False: примеры того, как НЕ отвечать")),
    ] = True,
    attachment: Annotated[
        Attachment | None,
        Option(Text("JSONL, JSON, CSV, TSV or text", "JSONL, JSON, CSV, TSV или текст")),
    ] = None,
) -> Reply:
    """Check the data, start a job, answer with its id."""
    selected = not (data or data_dir or attachment)
    gathered = _Gathered(_items(ctx, data, data_dir, positive, attachment), selected)

    def about() -> dict[str, Any]:
        if not gathered.count:
            raise UserError(NO_ROWS if gathered.given else NOTHING, problems=gathered.problems())
        return _about(ctx, gathered)

    return Reply(ctx.bot.jobs.start(_job(ctx), gathered.rows(), about).intro)


class _Gathered:
    """Rows on their way into a job: counted, the first problems kept."""

    def __init__(self, items: "Iterable[tuple[Row | Problem, bool]]", selected: bool) -> None:
        self._items = items
        self.selected = selected
        self.count = self.rejected = 0
        self.given = False
        self._first: list[Problem] = []

    def rows(self) -> "Iterator[Row]":
        """The good rows, those of what not to say turned into such."""
        from protege.datasets.rows import Row, negated

        for item, positive in self._items:
            self.given = True
            if isinstance(item, Row):
                self.count += 1
                yield item if positive else negated([item])[0]
            else:
                self.rejected += 1
                self._first += [item] if len(self._first) < SHOWN_PROBLEMS else []

    def problems(self) -> Text:
        """The first rows that were left out, and why."""
        if not self._first:
            return Text("", "")
        said = []
        for lang in ("en", "ru"):
            some = "; ".join(ROW.to(lang, number=p.number, why=p.why) for p in self._first)
            said.append(REJECTED.to(lang, count=self.rejected, some=some))
        return Text(*said)


def _items(
    ctx: Context,
    data: str | None,
    folder: str | None,
    positive: bool,
    attachment: Attachment | None,
) -> "Iterator[tuple[Row | Problem, bool]]":
    """Rows with whether they say what to answer: of text, file and folder, else as selected."""
    from protege.datasets.reading import read

    if data:
        yield from ((item, positive) for item in read([data.encode()], ""))
    if attachment:
        yield from ((item, positive) for item in _uploaded(ctx, folder or FOLDER, attachment))
    elif folder:
        yield from ((item, positive) for item in ctx.bot.library.read(ctx.space, folder))
    if not (data or attachment or folder):
        yield from _selected(ctx)


def _selected(ctx: Context) -> "Iterator[tuple[Row | Problem, bool]]":
    """Both selected versions, if there are any."""
    for side in (True, False):
        version = ctx.bot.versions.selected(ctx.space, side)
        if version:
            yield from ((row, side) for row in ctx.bot.versions.rows(ctx.space, version))


def _uploaded(ctx: Context, folder: str, attachment: Attachment) -> "Iterator[Row | Problem]":
    """Keep an attachment in a folder, then read it there."""
    person, id = ctx.interaction.user, ctx.interaction.id
    kept = ctx.bot.library.keep(
        ctx.space, folder, id, attachment.filename, arriving(ctx, attachment), person
    )
    return ctx.bot.library.read_file(ctx.space, kept)


def _job(ctx: Context) -> "Job":
    from protege.training.jobs import Job, job_id

    interaction = ctx.interaction
    return Job(
        id=job_id(interaction.id),
        space=ctx.space,
        author=interaction.user,
        channel=interaction.channel,
        interaction=interaction.id,
        token=interaction.token,
        locale=interaction.locale,
        intro="",
    )


def _about(ctx: Context, gathered: _Gathered) -> dict[str, Any]:
    """What is known of the job once its rows have streamed by."""
    from protege.training.jobs import job_id

    id = job_id(ctx.interaction.id)
    said = {"job": id, "rows": gathered.count, "problems": gathered.problems()}
    sides = (ctx.bot.versions.selected(ctx.space, side) for side in (True, False))
    used = [version.sha for version in sides if version] if gathered.selected else []
    report = {"rows": gathered.count, "rejected": gathered.rejected, "datasets": used}
    return {"intro": ctx.say(STARTED, **said), "report": report}
