"""/train: teach the bot from data."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from protege.commands.dataset.choosing import folders
from protege.commands.reading import arriving
from protege.commands.reporting import Inspection
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protege.datasets.rows import Problem, Row
    from protege.training.jobs import Job

STARTED = Text(
    "🎓 Training job `{job}` has started with {rows} rows.\n{report}",
    "🎓 Задание на обучение `{job}` запущено, строк: {rows}.\n{report}",
)
NOTHING = Text(
    "Give me something to learn: a file, `question => answer` as text, or a folder.",
    "Дайте мне что-нибудь выучить: файл, текст вида `вопрос => ответ` или папку.",
)
NO_ROWS = Text(
    "I found no row to learn from.\n{report}", "Я не нашёл ни одной строки для обучения.\n{report}"
)
FOLDER = "uploads"


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
    """Check the data, start a job, answer with its id and what the data look like."""
    given = _Given(data or "", data_dir or "", positive, attachment)
    gathered = _Gathered(_items(ctx, given), Inspection(ctx))

    def about() -> dict[str, Any]:
        if not gathered.count:
            raise UserError(NO_ROWS if gathered.given else NOTHING, report=gathered.report())
        return _about(ctx, given, gathered)

    try:
        said = ctx.bot.jobs.start(_job(ctx), gathered.rows(), about).intro
    except UserError as error:
        if gathered.count or not gathered.rejected:
            raise
        said = error.to(ctx.interaction.locale)
    return Reply(said, files=gathered.files())


class _Given(NamedTuple):
    """What the trainer gave; nothing at all means what was selected before."""

    text: str
    folder: str
    positive: bool
    file: Attachment | None

    @property
    def selected(self) -> bool:
        return not (self.text or self.folder or self.file)

    @property
    def source(self) -> str:
        """In a few words, for lists of jobs."""
        named = [self.file.filename] if self.file else [self.folder] if self.folder else []
        named += [f"“{self.text[:40]}”"] if self.text else []
        return " + ".join(named) or "/select_dataset"


class _Gathered:
    """Rows on their way into a job: counted and inspected."""

    def __init__(
        self, items: "Iterable[tuple[Row | Problem, bool]]", inspection: Inspection
    ) -> None:
        self._items = items
        self._inspection = inspection
        self.count = self.rejected = 0
        self.given = False
        self.report, self.files = inspection.words, inspection.files

    def rows(self) -> "Iterator[Row]":
        """The good rows, those of what not to say turned into such."""
        from protege.datasets.rows import Row, negated

        for found, positive in self._items:
            self.given = True
            item = negated([found])[0] if isinstance(found, Row) and not positive else found
            self._inspection.see(item)
            if isinstance(item, Row):
                self.count += 1
                yield item
            else:
                self.rejected += 1


def _items(ctx: Context, given: _Given) -> "Iterator[tuple[Row | Problem, bool]]":
    """Rows with whether they say what to answer: of text, file and folder, else as selected."""
    from protege.datasets.reading import read

    if given.selected:
        yield from _selected(ctx)
    for items in (
        read([given.text.encode()], "") if given.text else (),
        _uploaded(ctx, given.folder or FOLDER, given.file) if given.file else (),
        ctx.bot.library.read(ctx.space, given.folder) if given.folder and not given.file else (),
    ):
        yield from ((item, given.positive) for item in items)


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


def _about(ctx: Context, given: _Given, gathered: _Gathered) -> dict[str, Any]:
    """What is known of the job once its rows have streamed by."""
    from protege.training.jobs import job_id

    id = job_id(ctx.interaction.id)
    said = {"job": id, "rows": gathered.count, "report": gathered.report()}
    sides = (ctx.bot.versions.selected(ctx.space, side) for side in (True, False))
    used = [version.sha for version in sides if version] if given.selected else []
    report = {"rows": gathered.count, "rejected": gathered.rejected, "datasets": used}
    return {"intro": ctx.say(STARTED, **said), "report": report, "about": given.source}
