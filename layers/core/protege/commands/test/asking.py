"""A test that costs money is begun when a trainer agrees."""

from typing import TYPE_CHECKING

from protege.commands.jobs.buttons import cancel_job
from protege.context import Context
from protege.discord.reply import Button, Reply
from protege.errors import Missing, UserError
from protege.text import Text
from protege.ui.declare import Permission, button

if TYPE_CHECKING:
    from protege.testing import Cost
    from protege.training.jobs import Job

BEGIN = Text("Begin", "Начать")
ASKING = Text(
    "🧪 Test `{job}`: {rows} rows, {calls} calls of a model, up to {tokens} tokens, {price}. "
    "Begin?",
    "🧪 Проверка `{job}`: строк: {rows}, обращений к модели: {calls}, токенов: до {tokens}, "
    "{price}. Начать?",
)
PRICE = Text("about ${dollars:.2f}", "около ${dollars:.2f}")
NO_PRICE = Text(
    "at a price that I do not know (MODEL_PRICES)", "по цене, которой я не знаю (MODEL_PRICES)"
)
BEGUN = Text(
    "Test `{job}` has begun; the report comes to the channel.",
    "Проверка `{job}` началась; отчёт придёт в канал.",
)
NOT_ASKING = Text(
    "Test `{job}` is not waiting any more; see `/jobs`.",
    "Проверка `{job}` больше не ждёт; см. `/jobs`.",
)


@button(title=BEGIN, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def test_begin(ctx: Context, argument: str) -> Reply:
    """Agree to what a test costs."""
    try:
        job = ctx.bot.jobs.get(ctx.space, argument)
    except (Missing, ValueError):  # storage refuses ids that could never be there
        raise UserError(NOT_ASKING, job="?") from None
    if job.kind == "test":
        job = ctx.bot.tests.begin(job, ctx.interaction.id)
    if job.kind != "test" or job.confirmed != ctx.interaction.id:
        raise UserError(NOT_ASKING, job=job.id)
    return Reply(ctx.say(BEGUN, job=job.id), private=True)


def asking(job: "Job", cost: "Cost") -> Reply:
    """What it will cost, and whether to begin."""
    price = NO_PRICE.to(job.locale)
    if cost.dollars is not None:
        price = PRICE.to(job.locale, dollars=cost.dollars)
    said = {"job": job.id, "rows": job.total, "calls": cost.calls, "tokens": f"{cost.tokens:,}"}
    buttons = (
        Button(test_begin.route(job.id), BEGIN.to(job.locale), "▶️"),
        Button(cancel_job.route(job.id), cancel_job.title.to(job.locale), "🚫"),
    )
    return Reply(ASKING.to(job.locale, **said, price=price), buttons)
