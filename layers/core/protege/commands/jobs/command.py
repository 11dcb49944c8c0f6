"""/jobs: what is being worked on, and what came of it."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.announce.progress import STEPS, share
from protege.commands.jobs.buttons import (
    STATES,
    cancel_job,
    confirm_job,
    found,
    retry_job,
)
from protege.context import Context
from protege.discord.reply import Button, Choice, Reply
from protege.shapes import shaped
from protege.text import Text, plain
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from protege.training.jobs import Job

SHOWN = 10
ABOUT = 80
"""Characters of what a job works on."""
NONE = Text("No jobs here yet.", "Заданий пока не было.")
LINE = Text(
    "{mark} `{id}` {kind}: {state} · {about} · <t:{at}:R>{cost}",
    "{mark} `{id}` {kind}: {state} · {about} · <t:{at}:R>{cost}",
)
BY = Text("Started by <@{user}> <t:{at}:f>.", "Запустил <@{user}> <t:{at}:f>.")
WHY = Text("It failed: {why}", "Не получилось: {why}")
MADE = Text("It made version **v{version}**.", "Получилась версия **v{version}**.")
AT_PROVIDER = Text("The provider calls it `{id}`.", "У провайдера оно называется `{id}`.")
KINDS = {
    "train": Text("training", "обучение"),
    "archive": Text("archive", "архив"),
    "test": Text("test", "проверка"),
}
RUNNING = Text("running — {step}, {percent} %", "выполняется — {step}, {percent} %")
EXPIRED = Text("nobody agreed in time", "никто не согласился вовремя")
MARKS = {"asking": "❔", "done": "✅", "failed": "❌", "cancelled": "🚫"}
WORKING = Text("working", "в работе")
USD = Text(" · ${usd:.2f}", " · ${usd:.2f}")
TOKENS = Text(" · {tokens} tokens, price unknown", " · токенов: {tokens}, цена неизвестна")


def recent(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's latest jobs."""
    return tuple(
        Choice(f"{job.id} · {kind(ctx, job)} · {ctx.say(STATES[job.state])} · {job.about}", job.id)
        for job in ctx.bot.jobs.latest(ctx.space, 25)
        if typed.lower() in f"{job.id} {job.kind} {job.method} {job.about}".lower()
    )


@command(
    title=Text("jobs", "задания"),
    about=Text(
        "Trainings, tests and archives: see, cancel, try again",
        "Обучения, проверки и архивы: смотреть, отменять",
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
        return _card(ctx, found(ctx, job))
    lines = [_line(ctx, one) for one in ctx.bot.jobs.latest(ctx.space, SHOWN)]
    return Reply("\n".join(lines) or ctx.say(NONE), private=True)


def _card(ctx: Context, job: "Job") -> Reply:
    at = round(job.started_at)
    lines = [_line(ctx, job), ctx.say(BY, user=job.author, at=at), job.intro]
    if job.provider_job:
        lines.append(ctx.say(AT_PROVIDER, id=job.provider_job))
    if job.error:
        lines.append(ctx.say(WHY, why=shaped(Text, job.error)))
    if job.version:
        lines.append(ctx.say(MADE, version=job.version))
    return Reply("\n".join(filter(None, lines)), _buttons(ctx, job), private=True)


def _buttons(ctx: Context, job: "Job") -> tuple[Button, ...]:
    if ctx.bot.jobs.expired(job):
        return ()
    shown = {
        "asking": ((confirm_job, "✅"), (cancel_job, "🚫")),
        "running": ((cancel_job, "🚫"),),
        "failed": ((retry_job, "🔁"),),
    }
    return tuple(ctx.button(a, job.id, emoji=e) for a, e in shown.get(job.state, ()))


def _line(ctx: Context, job: "Job") -> str:
    said = {"mark": MARKS.get(job.state, "⏳"), "id": job.id, "kind": kind(ctx, job)}
    about, at = plain(job.about, ABOUT) or "—", round(job.started_at)
    return ctx.say(LINE, **said, state=_state(ctx, job), about=about, at=at, cost=_cost(ctx, job))


def kind(ctx: Context, job: "Job") -> str:
    """What kind of job it is; of trainings also by which method, unless it is the usual one."""
    name = ctx.say(KINDS[job.kind]) if job.kind in KINDS else job.kind
    return name if job.method == "lessons" else f"{name} ({job.method})"


def _state(ctx: Context, job: "Job") -> str:
    if ctx.bot.jobs.expired(job):
        return ctx.say(EXPIRED)
    if job.state != "running":
        return ctx.say(STATES[job.state])
    if job.kind == "train":
        return ctx.say(RUNNING, step=STEPS.get(job.step, WORKING), percent=round(100 * share(job)))
    done = round(100 * job.done / job.total) if job.total else 0
    return ctx.say(RUNNING, step=WORKING, percent=done)


def _cost(ctx: Context, job: "Job") -> str:
    tuning = job.report.get("tuning") or {}
    if tuning.get("dollars") is not None:
        return ctx.say(USD, usd=tuning["dollars"])
    if not job.cost:
        return ""
    if job.cost.get("usd") is None:
        return ctx.say(TOKENS, tokens=job.cost["tokens"])
    return ctx.say(USD, usd=job.cost["usd"])
