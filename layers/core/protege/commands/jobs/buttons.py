"""What can be done with one job: agree to it, cancel it, try it again."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import Missing, UserError
from protege.text import Text
from protege.ui.declare import Permission, button

if TYPE_CHECKING:
    from protege.training.jobs import Job

UNKNOWN = Text("There is no job `{id}` here.", "Задания `{id}` здесь нет.")
CANCEL = Text("Cancel", "Отменить")
RETRY = Text("Try again", "Повторить")
CONFIRM = Text("Begin", "Начать")
CANCELLING = Text(
    "Job `{id}` ends at its next step; nothing of it takes effect.",
    "Задание `{id}` остановится на следующем шаге и ничего не изменит.",
)
CALLED_OFF = Text(
    "Job `{id}` is called off; nothing was begun and nothing paid.",
    "Задание `{id}` снято; ничего не начиналось и ничего не потрачено.",
)
OVER = Text("Job `{id}` is over already: {state}.", "Задание `{id}` уже завершилось: {state}.")
NOT_FAILED = Text(
    "Job `{id}` has not failed: {state}.", "Задание `{id}` не проваливалось: {state}."
)
AGAIN = Text("Job `{id}` goes on where it stopped.", "Задание `{id}` продолжено с места остановки.")
BEGUN = Text(
    "Job `{id}` has begun. I will tell the channel when it is over; `/jobs` shows how far it is.",
    "Задание `{id}` началось. Когда закончу, напишу в канал; ход виден в `/jobs`.",
)
BEGUN_BEFORE = Text(
    "Job `{id}` was begun before: {state}.", "Задание `{id}` уже запускали: {state}."
)
STATES = {
    "asking": Text("waits for a yes", "ждёт согласия"),
    "running": Text("running", "выполняется"),
    "cancelling": Text("being cancelled", "отменяется"),
    "ending": Text("almost done", "почти готово"),
    "done": Text("done", "готово"),
    "failed": Text("failed", "не удалось"),
    "cancelled": Text("cancelled", "отменено"),
}


@button(title=CONFIRM, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def confirm_job(ctx: Context, argument: str) -> Reply:
    """Begin a job that asked first, as its price is agreed to."""
    jobs = ctx.bot.jobs
    job = found(ctx, argument)
    if job.state == "asking":
        ctx.bot.methods.check(job.method)
        dollars = job.estimate.get("usd" if job.kind == "train" else "dollars")
        ctx.bot.methods.afford(ctx.space, dollars, job.estimate.get("tokens") or 0)
    job = jobs.confirm(ctx.space, job.id, ctx.interaction.id)
    if job.confirmed != ctx.interaction.id:
        return Reply(ctx.say(BEGUN_BEFORE, id=job.id, state=STATES[job.state]), private=True)
    if ctx.interaction.target:
        jobs.shown(job, ctx.interaction.target.id)
    return Reply(ctx.say(BEGUN, id=job.id), private=True)


@button(title=CANCEL, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def cancel_job(ctx: Context, argument: str) -> Reply:
    """End a running job at its next step, one that asks at once."""
    job = found(ctx, argument)
    if job.state not in ("asking", "running", "cancelling"):
        return Reply(ctx.say(OVER, id=job.id, state=STATES[job.state]), private=True)
    said = CALLED_OFF if job.state == "asking" else CANCELLING
    ctx.bot.jobs.cancel(ctx.space, job.id)
    return Reply(ctx.say(said, id=job.id), private=True)


@button(title=RETRY, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def retry_job(ctx: Context, argument: str) -> Reply:
    """Take a failed job up again."""
    job = ctx.bot.jobs.retry(found(ctx, argument), ctx.interaction.id)
    if job.confirmed != ctx.interaction.id:
        return Reply(ctx.say(NOT_FAILED, id=job.id, state=STATES[job.state]), private=True)
    return Reply(ctx.say(AGAIN, id=job.id), private=True)


def found(ctx: Context, id: str) -> "Job":
    """The guild's job. Raises UserError where there is none."""
    try:
        return ctx.bot.jobs.get(ctx.space, id.strip())
    except (Missing, ValueError):  # storage refuses ids that could never be there
        raise UserError(UNKNOWN, id=id) from None
