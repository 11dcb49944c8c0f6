"""What who manages a server is told of it."""

from itertools import islice
from typing import TYPE_CHECKING

from protege.commands.jobs.command import kind
from protege.commands.settings import showing
from protege.commands.status.field import Finds, Found, lines
from protege.context import Context
from protege.spending.budgets import NEAR
from protege.text import Text, plain

if TYPE_CHECKING:
    from protege.mishaps import Mishap
    from protege.training.job import Job

MOST = 5
ANSWERS = Text("🧠 Answers", "🧠 Отвечает")
MONEY = Text("💸 This month", "💸 За этот месяц")
PACE = Text("🚦 Questions a minute", "🚦 Вопросов в минуту")
VOICE = Text("🎙️ Voice", "🎙️ Голос")
JOBS = Text("⏳ At work", "⏳ В работе")
ERRORS = Text("🩹 What failed lately", "🩹 Что не получилось")
ENDS = Text("⌛ Ends soon", "⌛ Скоро отключат")
VERSION = Text("version **v{n}** of what I was taught", "версия **v{n}** того, чему научили")
UNTAUGHT = Text("no version trained yet", "обучения ещё не было")
OF_BUDGET = Text("{share:.0%} of {budget}", "{share:.0%} от {budget}")
AHEAD = Text("about ${usd} by its end", "около ${usd} к концу месяца")
REFUSED = Text("turned away lately: {n}", "недавно остановлено: {n}")
STATES = {
    "running": Text("running", "работает"),
    "starting": Text("starting", "запускается"),
    "off": Text("not running", "не запущен"),
}
DISABLED = Text("switched off (`VOICE`)", "выключен (`VOICE`)")
MORE = Text("… and more: `/jobs`", "… и другие: `/jobs`")
FAILED = Text(
    "<t:{at}:R> {command} {error} · `{id}`{dead}", "<t:{at}:R> {command} {error} · `{id}`{dead}"
)
DEAD = Text(" · given up", " · оставлено")


def _answers(ctx: Context) -> Found:
    version = ctx.bot.models.pointer(ctx.space).version
    known = ctx.say(VERSION, n=version) if version else ctx.say(UNTAUGHT)
    return Found(lines(known, *(f"`{name}` {value}" for name, value in ctx.bot.engines())))


def _money(ctx: Context) -> Found:
    spending = ctx.bot.spending
    month, share = spending.month(ctx.space), spending.share(ctx.space)
    used = showing.spent(ctx, month)
    usd = showing.number(ctx, month.dollars * spending.ahead(), 2)
    ahead = ctx.say(AHEAD, usd=usd) if month.dollars else ""
    of = "" if share is None else ctx.say(OF_BUDGET, share=share, budget=showing.budget(ctx))
    return Found(lines(used, of, ahead), bad=(share or 0.0) >= NEAR)


def _pace(ctx: Context) -> Found:
    refused = ctx.bot.limits.refused(ctx.space)
    told = ctx.say(REFUSED, n=refused) if refused else ""
    return Found(lines(showing.rates(ctx, ctx.bot.limits.rates(ctx.space)), told))


def _voice(ctx: Context) -> Found:
    if ctx.bot.calling.mode == "off":
        return Found(ctx.say(DISABLED))
    return Found(ctx.say(STATES[ctx.bot.presence.state()]))


def _jobs(ctx: Context) -> Found:
    running = list(islice(ctx.bot.jobs.running(ctx.space), MOST + 1))
    more = ctx.say(MORE) if len(running) > MOST else ""
    return Found(lines(*(job(ctx, one) for one in running[:MOST]), more), beside=False)


def job(ctx: Context, one: "Job") -> str:
    """What runs, since when."""
    return f"`{one.id}` {kind(ctx, one)} · {one.step} · <t:{round(one.started_at)}:R>"


def _errors(ctx: Context) -> Found:
    found = ctx.bot.mishaps.recent(ctx.space, MOST)
    return Found(lines(*(failed(ctx, one) for one in found)), bad=bool(found), beside=False)


def failed(ctx: Context, one: "Mishap") -> str:
    """What went wrong, with the number that people were told."""
    command = f"`/{plain(one.command, 40)}`" if one.command else ""
    about = {"at": round(one.at), "id": plain(one.interaction, 40) or "—"}
    dead = ctx.say(DEAD) if one.dead else ""
    return ctx.say(FAILED, command=command, error=one.error, dead=dead, **about)


def ends(ctx: Context) -> Found:
    """Models that the provider shuts down."""
    warned = [ctx.say(text) for text in ctx.bot.warnings()]
    return Found(lines(*warned[:MOST]), bad=bool(warned), beside=False)


FIELDS: tuple[tuple[Text, Finds], ...] = (
    (ANSWERS, _answers),
    (MONEY, _money),
    (PACE, _pace),
    (VOICE, _voice),
)
LISTS: tuple[tuple[Text, Finds], ...] = ((ENDS, ends), (JOBS, _jobs), (ERRORS, _errors))
