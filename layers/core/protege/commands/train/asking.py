"""Asking before anything that costs: what it would take, and two buttons."""

from typing import TYPE_CHECKING, Any

from protege.commands.jobs.buttons import cancel_job, confirm_job
from protege.context import Context
from protege.discord.reply import Embed, Reply
from protege.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protege.training.jobs import Job

TITLE = Text("Shall I begin? This may cost money.", "Начинать? Это может стоить денег.")
METHOD = Text("**Method**: `{method}` with `{model}`", "**Метод**: `{method}`, модель `{model}`")
ROWS = Text(
    "**Rows**: {rows} to train on, {held} kept to test with",
    "**Строки**: {rows} для обучения, {held} отложено для проверки",
)
VOTED = Text(" ({n} of them are votes in /compare)", " (из них голосов из /compare: {n})")
CALLS = Text("**Calls of the model**: {calls} at most", "**Обращений к модели**: не больше {calls}")
TOKENS = Text("**Tokens**: about {tokens}", "**Токены**: около {tokens}")
PRICE = Text("**Price**: about ${usd:.2f}", "**Цена**: около ${usd:.2f}")
CHEAP = Text("**Price**: less than a cent", "**Цена**: меньше цента")
UNPRICED = Text(
    "**Price**: unknown to me; your provider's price list says",
    "**Цена**: мне неизвестна; смотрите прейскурант провайдера",
)
TIME = Text("**Time**: about {minutes} min", "**Время**: около {minutes} мин")
BUDGET = Text(
    "**Budget of this month**: ${spent:.2f} of ${budget:.2f} spent",
    "**Бюджет на месяц**: потрачено ${spent:.2f} из ${budget:.2f}",
)
FREE = Text(
    "**This month so far**: ${spent:.2f}, no budget is set (`/settings budget_usd`)",
    "**За этот месяц**: ${spent:.2f}, бюджет не задан (`/settings budget_usd`)",
)
TILL = Text("The question stands for a day.", "Вопрос остаётся в силе сутки.")


def question(ctx: Context, job: "Job", said: Reply) -> Reply:
    """The answer to a command whose job is `asking`: `said`, what it would take, and buttons."""
    buttons = (
        ctx.button(confirm_job, job.id, emoji="✅"),
        ctx.button(cancel_job, job.id, emoji="🚫"),
    )
    return said._replace(buttons=buttons, embed=Embed(ctx.say(TITLE), estimated(ctx, job)))


def estimated(ctx: Context, job: "Job") -> str:
    """What the job would take, line by line."""
    found = job.estimate
    lines = [
        ctx.say(METHOD, method=job.method, model=found["model"] or "?"),
        ctx.say(ROWS, rows=found["rows"], held=found["held"]) + _voted(ctx, found),
        ctx.say(CALLS, calls=found["calls"]) if found["calls"] else "",
        ctx.say(TOKENS, tokens=f"{found['tokens']:,}".replace(",", " ")),
        _price(ctx, found["usd"]),
        ctx.say(TIME, minutes=found["minutes"]),
        _budget(ctx),
        ctx.say(TILL),
    ]
    return "\n".join(filter(None, lines))


def _voted(ctx: Context, found: "Mapping[str, Any]") -> str:
    return ctx.say(VOTED, n=found["voted"]) if found.get("voted") else ""


def _price(ctx: Context, usd: float | None) -> str:
    if usd is None:
        return ctx.say(UNPRICED)
    return ctx.say(PRICE, usd=usd) if usd >= 0.01 else ctx.say(CHEAP)


def _budget(ctx: Context) -> str:
    spent, budget = ctx.bot.spending.month(ctx.space).dollars, ctx.bot.spending.budget(ctx.space)
    if budget is None:
        return ctx.say(FREE, spent=spent)
    return ctx.say(BUDGET, spent=spent, budget=budget)
