"""/train: teach the bot from data."""

from typing import TYPE_CHECKING, Annotated, Any

from protege.commands.beginning import new_job
from protege.commands.dataset.choosing import LONGEST_PATH, POSITIVE, ROWS, folders
from protege.commands.reporting import Inspection
from protege.commands.train.asking import question
from protege.commands.train.choosing import methods
from protege.commands.train.gathering import Gathered, Given, items
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from protege.training.jobs import Job

STARTED = Text(
    "🎓 Training job `{job}` has started with {rows} rows.\n{report}",
    "🎓 Задание на обучение `{job}` запущено, строк: {rows}.\n{report}",
)
READY = Text(
    "🎓 Training job `{job}` is ready to begin with {rows} rows.\n{report}",
    "🎓 Задание на обучение `{job}` готово начаться, строк: {rows}.\n{report}",
)
NOTHING = Text(
    "Give me something to learn: a file, `question => answer` as text, or a folder.",
    "Дайте мне что-нибудь выучить: файл, текст вида `вопрос => ответ` или папку.",
)
NO_ROWS = Text(
    "I found no row to learn from.\n{report}", "Я не нашёл ни одной строки для обучения.\n{report}"
)
TYPED = Option(Text("Rows as text: question => answer", "Строки текстом: вопрос => ответ"))
FOLDER = Option(
    Text(
        "A folder of data here; with a file: where to keep it",
        "Папка с данными; с файлом: куда его положить",
    ),
    suggest=folders,
    longest=LONGEST_PATH,
)
METHOD = Option(
    Text("How to learn; lessons is free and the default", "Как учиться; lessons — даром"),
    suggest=methods,
    longest=40,
)


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
    data: Annotated[str | None, TYPED] = None,
    data_dir: Annotated[str | None, FOLDER] = None,
    positive: Annotated[bool, POSITIVE] = True,
    attachment: Annotated[Attachment | None, ROWS] = None,
    method: Annotated[str | None, METHOD] = None,
) -> Reply:
    """Check the data, start a job or ask whether to, answer with its id and what the data are."""
    chosen = (method or "lessons").strip().lower()
    ctx.bot.methods.check(chosen)
    given = Given(data or "", data_dir or "", positive, attachment)
    gathered = Gathered(items(ctx, given), Inspection(ctx))
    new = _job(ctx, chosen)
    try:
        job = ctx.bot.jobs.start(new, gathered.rows(), lambda: _about(ctx, given, gathered, new))
    except UserError as error:
        if gathered.count or not gathered.rejected:
            raise
        return Reply(error.to(ctx.interaction.locale), files=gathered.files())
    said = Reply(job.intro, files=gathered.files())
    return question(ctx, job, said) if job.state == "asking" else said


def _job(ctx: Context, method: str) -> "Job":
    from protege.training.plan import PAID

    state = "asking" if method in PAID else "running"
    return new_job(ctx)._replace(method=method, state=state)


def _about(ctx: Context, given: Given, gathered: Gathered, job: "Job") -> dict[str, Any]:
    """What is known of the job once its rows have streamed by. Raises UserError: no such job."""
    if not gathered.count:
        raise UserError(NO_ROWS if gathered.given else NOTHING, report=gathered.report())
    estimate = _estimate(ctx, job) if job.state == "asking" else {}
    said = {"job": job.id, "rows": gathered.count, "report": gathered.report()}
    report = {"rows": gathered.count, "rejected": gathered.rejected, "datasets": _used(ctx, given)}
    intro = ctx.say(READY if estimate else STARTED, **said)
    return {"intro": intro, "report": report, "about": given.source, "estimate": estimate}


def _estimate(ctx: Context, job: "Job") -> dict[str, Any]:
    """Of the rows as they will be learnt: what is right and what is wrong may stand in two."""
    from protege.datasets.pairing import paired_streams
    from protege.training.estimate import Tally

    tally = Tally(job.method).see_all(paired_streams(lambda: ctx.bot.jobs.rows(job)))
    return ctx.bot.methods.estimate(ctx.space, job.method, tally).as_json()


def _used(ctx: Context, given: Given) -> list[str]:
    """Hashes of the frozen datasets that are learnt from."""
    sides = (ctx.bot.versions.selected(ctx.space, side) for side in (True, False))
    return [version.sha for version in sides if version] if given.selected else []
