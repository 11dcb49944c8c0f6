"""/train: teach the bot from data."""

from typing import TYPE_CHECKING, Annotated

from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from protege.datasets.rows import Parsed
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
    from protege.datasets.rows import negated

    parsed = _gather(ctx, data, data_dir, attachment)
    if not parsed.rows:
        raise UserError(NO_ROWS, problems=_problems(parsed))
    rows = parsed.rows if positive else negated(parsed.rows)
    return Reply(ctx.bot.jobs.start(_job(ctx, parsed), rows).intro)


def _gather(
    ctx: Context, data: str | None, folder: str | None, attachment: Attachment | None
) -> "Parsed":
    """All rows of what was given: text, file, and folder if no file goes into it."""
    from protege.datasets.rows import Parsed, decode, parse

    found = [parse(data)] if data else []
    if attachment:
        body = ctx.bot.attachments.fetch(attachment.filename, attachment.url, attachment.size)
        text = decode(attachment.filename, body)
        ctx.bot.library.keep(
            ctx.space, folder or FOLDER, ctx.interaction.id, attachment.filename, body
        )
        found.append(parse(text))
    elif folder:
        found += [parse(decode(*file)) for file in ctx.bot.library.read(ctx.space, folder)]
    if not found:
        raise UserError(NOTHING)
    return Parsed([r for p in found for r in p.rows], [e for p in found for e in p.problems])


def _job(ctx: Context, parsed: "Parsed") -> "Job":
    from protege.training.jobs import Job, job_id

    interaction = ctx.interaction
    id = job_id(interaction.id)
    said = {"job": id, "rows": len(parsed.rows), "problems": _problems(parsed)}
    return Job(
        id=id,
        space=ctx.space,
        author=interaction.user,
        channel=interaction.channel,
        interaction=interaction.id,
        token=interaction.token,
        locale=interaction.locale,
        intro=ctx.say(STARTED, **said),
        report={"rows": len(parsed.rows), "rejected": len(parsed.problems)},
    )


def _problems(parsed: "Parsed") -> Text:
    """The first rows that were left out, and why."""
    if not parsed.problems:
        return Text("", "")
    some = parsed.problems[:5]
    rows = {
        locale: "; ".join(ROW.to(locale, number=p.number, why=p.why) for p in some)
        for locale in ("en", "ru")
    }
    count = len(parsed.problems)
    return Text(*(REJECTED.to(lang, count=count, some=rows[lang]) for lang in ("en", "ru")))
