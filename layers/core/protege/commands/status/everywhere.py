"""What who runs the bot is told of all servers together, the one where they ask among them."""

from itertools import islice
from typing import TYPE_CHECKING

from protege.commands.settings import showing
from protege.commands.status import here
from protege.commands.status.field import Finds, Found, lines
from protege.context import Context
from protege.text import Text, plain

if TYPE_CHECKING:
    from protege.mishaps import Mishap

MOST = 5
MOST_SPENDERS = 2000
"""Each takes a request; those beyond are left out, and it is told."""
SLOW_S = 60.0
"""What waits for so long is worth a look."""
QUEUE = Text("📬 Queue", "📬 Очередь")
DEAD = Text("🪦 Given up", "🪦 Не удалось совсем")
CALLS = Text("🎧 Voice channels", "🎧 Голосовых каналов")
MONEY = Text("🌍 All servers, this month", "🌍 Все серверы за этот месяц")
JOBS = Text("🌍 At work", "🌍 В работе")
ERRORS = Text("🌍 What failed lately", "🌍 Что не получилось")
WAITING = Text("{waiting} waiting, {held} at work", "ждут: {waiting}, в работе: {held}")
OLDEST = Text("the oldest for {s:.0f} s", "самое старое — {s:.0f} с")
LETTERS = Text("{n} messages: `make dead-letters` lists them", "писем: {n} — `make dead-letters`")
TOTAL = Text("${usd}, about ${ahead} by its end", "${usd}, к концу около ${ahead}")
SERVERS = Text(
    "{n} servers or private chats used a model", "серверов и личных чатов с моделью: {n}"
)
PRIVATE = Text("a private chat", "личный чат")
LEFT_OUT = Text("(counted: the first {n})", "(учтены первые {n})")


def _queue(ctx: Context) -> Found:
    depth = ctx.bot.depth("work")
    since = depth.oldest_s or 0.0
    oldest = ctx.say(OLDEST, s=since) if since else ""
    held = max(0, depth.in_flight - 1)  # without this very command
    said = ctx.say(WAITING, waiting=depth.waiting, held=held)
    return Found(lines(said, oldest), bad=since > SLOW_S)


def _dead(ctx: Context) -> Found:
    depth = ctx.bot.depth("dead")
    n = depth.waiting + depth.in_flight
    return Found(ctx.say(LETTERS, n=n) if n else "0", bad=bool(n))


def _calls(ctx: Context) -> Found:
    return Found(str(ctx.bot.presence.calls()))


def _money(ctx: Context) -> Found:
    spending = ctx.bot.spending
    spaces = list(islice(spending.spenders(), MOST_SPENDERS + 1))
    months = {space: spending.month(space) for space in spaces[:MOST_SPENDERS]}
    dollars = sum(month.dollars for month in months.values())
    most = sorted(months.items(), key=lambda one: one[1], reverse=True)[:MOST]
    top = (f"{_name(ctx, space)}: {showing.spent(ctx, month)}" for space, month in most)
    usd, ahead = (showing.number(ctx, n, 2) for n in (dollars, dollars * spending.ahead()))
    total = ctx.say(TOTAL, usd=usd, ahead=ahead)
    short = ctx.say(LEFT_OUT, n=MOST_SPENDERS) if len(spaces) > MOST_SPENDERS else ""
    return Found(lines(total, ctx.say(SERVERS, n=len(months)), short, *top), beside=False)


def _jobs(ctx: Context) -> Found:
    running = list(ctx.bot.jobs.running())
    shown = (f"{_name(ctx, job.space)} {here.job(ctx, job)}" for job in running[:MOST])
    more = f"+ {len(running) - MOST}" if len(running) > MOST else ""
    return Found(lines(*shown, more), beside=False)


def _errors(ctx: Context) -> Found:
    found = ctx.bot.mishaps.recent(None, MOST)
    return Found(lines(*(_failed(ctx, one) for one in found)), bad=bool(found), beside=False)


def _failed(ctx: Context, one: "Mishap") -> str:
    where = _name(ctx, one.space) if one.space else ""
    why = plain(" · ".join(filter(None, (one.where, one.reason))), 110)
    return lines(f"{where} {here.failed(ctx, one)}", f"-# {why}" if why else "")


def _name(ctx: Context, space: str) -> str:
    """A guild's id; of a private chat not even whose it is."""
    return ctx.say(PRIVATE) if space.startswith("dm-") else f"`{space}`"


FIELDS: tuple[tuple[Text, Finds], ...] = (
    (QUEUE, _queue),
    (DEAD, _dead),
    (CALLS, _calls),
    (MONEY, _money),
    (here.ENDS, here.ends),
    (JOBS, _jobs),
    (ERRORS, _errors),
)
