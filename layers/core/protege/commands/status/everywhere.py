"""What who runs the bot is told of all servers together."""

from itertools import islice
from typing import TYPE_CHECKING

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
TOTAL = Text("${usd:.2f}, about ${ahead:.2f} by its end", "${usd:.2f}, к концу около ${ahead:.2f}")
SERVERS = Text("{n} servers used a model", "серверов, где спрашивали модель: {n}")
MOSTLY = Text("{space}: ${usd:.2f}, {tokens:,} tokens", "{space}: ${usd:.2f}, токенов: {tokens:,}")
PRIVATE = Text("a private chat", "личный чат")
LEFT_OUT = Text("(counted: the first {n})", "(учтены первые {n})")


def _queue(ctx: Context) -> Found:
    depth = ctx.bot.depth("work")
    since = depth.oldest_s if depth.waiting else None
    oldest = "" if since is None else ctx.say(OLDEST, s=since)
    held = max(0, depth.in_flight - 1)  # without this very command
    said = ctx.say(WAITING, waiting=depth.waiting, held=held)
    return Found(lines(said, oldest), bad=(since or 0.0) > SLOW_S)


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
    usd = sum(month.dollars for month in months.values())
    most = sorted(months.items(), key=lambda one: one[1], reverse=True)[:MOST]
    top = (
        ctx.say(MOSTLY, space=_name(ctx, space), usd=m.dollars, tokens=m.tokens_in + m.tokens_out)
        for space, m in most
    )
    total = ctx.say(TOTAL, usd=usd, ahead=usd * spending.ahead())
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
    return f"{where} {here.failed(ctx, one)}\n-# {why}"


def _name(ctx: Context, space: str) -> str:
    """A guild's id; of a private chat not even whose it is."""
    return ctx.say(PRIVATE) if space.startswith("dm-") else f"`{space}`"


FIELDS: tuple[tuple[Text, Finds], ...] = (
    (QUEUE, _queue),
    (DEAD, _dead),
    (CALLS, _calls),
    (MONEY, _money),
    (JOBS, _jobs),
    (ERRORS, _errors),
)
