"""/jobs: what is being worked on, and what came of it."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.announce import STEPS
from protege.context import Context
from protege.discord.reply import Button, Choice, Reply
from protege.errors import Missing, UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, button, command

if TYPE_CHECKING:
    from protege.training.jobs import Job

SHOWN = 10
NONE = Text("No jobs here yet.", "Заданий пока не было.")
UNKNOWN = Text("There is no job `{id}` here.", "Задания `{id}` здесь нет.")
LINE = Text(
    "{mark} `{id}` {kind}: {state} · {about} · <t:{at}:R>",
    "{mark} `{id}` {kind}: {state} · {about} · <t:{at}:R>",
)
BY = Text("Started by <@{user}> <t:{at}:f>.", "Запустил <@{user}> <t:{at}:f>.")
WHY = Text("It failed: {why}", "Не получилось: {why}")
MADE = Text("It made version **v{version}**.", "Получилась версия **v{version}**.")
KINDS = {
    "train": Text("training", "обучение"),
    "archive": Text("archive", "архив"),
    "test": Text("test", "проверка"),
}
STATES = {
    "running": Text("running — {step}", "выполняется — {step}"),
    "cancelling": Text("being cancelled", "отменяется"),
    "ending": Text("almost done", "почти готово"),
    "done": Text("done", "готово"),
    "failed": Text("failed", "не удалось"),
    "cancelled": Text("cancelled", "отменено"),
}
MARKS = {
    "running": "⏳",
    "cancelling": "⏳",
    "ending": "⏳",
    "done": "✅",
    "failed": "❌",
    "cancelled": "🚫",
}
WORKING = Text("working", "в работе")
CANCEL = Text("Cancel", "Отменить")
RETRY = Text("Try again", "Повторить")
CANCELLING = Text(
    "Job `{id}` ends at its next step; nothing of it takes effect.",
    "Задание `{id}` остановится на следующем шаге и ничего не изменит.",
)
OVER = Text("Job `{id}` is over already: {state}.", "Задание `{id}` уже завершилось: {state}.")
AGAIN = Text("Job `{id}` goes on where it stopped.", "Задание `{id}` продолжено с места остановки.")


def recent(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's latest jobs."""
    return tuple(
        Choice(f"{job.id} · {job.kind} · {job.state} · {job.about}", job.id)
        for job in ctx.bot.jobs.latest(ctx.space, 25)
        if typed.lower() in f"{job.id} {job.kind} {job.about}".lower()
    )


@command(
    title=Text("jobs", "задания"),
    about=Text(
        "Trainings and archives: see, cancel, try again", "Обучения и архивы: смотреть, отменять"
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def jobs(
    ctx: Context,
    job: Annotated[
        str | None, Option(Text("One of them", "Одно из них"), suggest=recent, longest=32)
    ] = None,
) -> Reply:
    """The latest jobs, or one with all that is known of it."""
    if job:
        return _card(ctx, _get(ctx, job))
    lines = [_line(ctx, found) for found in ctx.bot.jobs.latest(ctx.space, SHOWN)]
    return Reply("\n".join(lines) or ctx.say(NONE), private=True)


@button(title=CANCEL, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def cancel_job(ctx: Context, argument: str) -> Reply:
    """End a running job at its next step."""
    job = _get(ctx, argument)
    if job.state not in ("running", "cancelling"):
        return Reply(ctx.say(OVER, id=job.id, state=_state(ctx, job)), private=True)
    ctx.bot.jobs.cancel(ctx.space, job.id)
    return Reply(ctx.say(CANCELLING, id=job.id), private=True)


@button(title=RETRY, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def retry_job(ctx: Context, argument: str) -> Reply:
    """Take a failed job up again."""
    job = _get(ctx, argument)
    if job.state != "failed":
        return Reply(ctx.say(OVER, id=job.id, state=_state(ctx, job)), private=True)
    ctx.bot.jobs.retry(job)
    return Reply(ctx.say(AGAIN, id=job.id), private=True)


def _get(ctx: Context, id: str) -> "Job":
    try:
        return ctx.bot.jobs.get(ctx.space, id.strip())
    except (Missing, ValueError):  # storage refuses ids that could never be there
        raise UserError(UNKNOWN, id=id) from None


def _card(ctx: Context, job: "Job") -> Reply:
    at = round(job.started_at)
    lines = [_line(ctx, job), ctx.say(BY, user=job.author, at=at), job.intro]
    if job.error:
        lines.append(ctx.say(WHY, why=Text(**job.error)))
    if job.version:
        lines.append(ctx.say(MADE, version=job.version))
    return Reply("\n".join(filter(None, lines)), _buttons(ctx, job), private=True)


def _buttons(ctx: Context, job: "Job") -> tuple[Button, ...]:
    if job.state == "running":
        return (ctx.button(cancel_job, job.id, emoji="🚫"),)
    return (ctx.button(retry_job, job.id, emoji="🔁"),) if job.state == "failed" else ()


def _line(ctx: Context, job: "Job") -> str:
    said = {"mark": MARKS[job.state], "id": job.id, "kind": KINDS[job.kind]}
    return ctx.say(
        LINE, **said, state=_state(ctx, job), about=job.about or "—", at=round(job.started_at)
    )


def _state(ctx: Context, job: "Job") -> str:
    return ctx.say(STATES[job.state], step=STEPS.get(job.step, WORKING))
