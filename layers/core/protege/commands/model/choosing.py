"""What all of /model shares: the option that names a version, and how a version is called."""

from typing import TYPE_CHECKING

from protege.commands.teaching import is_trainer
from protege.context import Context
from protege.discord.reply import Choice
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option
from protege.ui.dispatch import FORBIDDEN

if TYPE_CHECKING:
    from protege.lineage import Known

LONGEST = 20
LESSONS = Text("{n} lessons", "уроков: {n}")
ACTIVE = Text("active", "активна")
STALE = Text("stale", "устарела")
METHODS = {
    "lessons": Text("lessons", "уроки"),
    "tuned": Text("lessons + tuned instruction", "уроки + настроенная инструкция"),
    "sft": Text("fine-tuned", "дообучена"),
    "preference": Text("fine-tuned on preferences", "дообучена на предпочтениях"),
    "bedrock": Text("fine-tuned on Bedrock", "дообучена в Bedrock"),
}


def versions(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Versions with what is known of them, newest first."""
    active = ctx.bot.lineage.active(ctx.space).after
    found = (_choice(ctx, known, active) for known in ctx.bot.lineage.versions(ctx.space))
    return tuple(choice for choice in found if typed.lower() in choice.name.lower())


def deleted(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Versions that can be brought back."""
    found = (_choice(ctx, k, 0) for k in ctx.bot.lineage.versions(ctx.space, deleted=True))
    return tuple(choice for choice in found if typed.lower() in choice.name.lower())


VERSION = Option(
    Text("A version, like v3", "Версия, например v3"), suggest=versions, longest=LONGEST
)


def number(name: str) -> int:
    """The number of a version as people or buttons name it: `v3`, `3`. Raises UserError."""
    found = name.strip().lower().removeprefix("v")
    if not (found.isascii() and found.isdigit() and len(found) <= 8 and int(found)):
        from protege.lineage import UNKNOWN

        raise UserError(UNKNOWN, name=name[:LONGEST])
    return int(found)


def trainers(ctx: Context) -> None:
    """Raises UserError for others: some of /model is for everyone, so Discord guards none of it."""
    if not is_trainer(ctx):
        raise UserError(FORBIDDEN)


def label(ctx: Context, known: "Known", active: int) -> str:
    """A version on one line: `v7 · lessons · 1,240 lessons · 93.1 % · active`."""
    parts = [f"v{known.number}", ctx.say(METHODS.get(known.method, METHODS["lessons"]))]
    parts.append(ctx.say(LESSONS, n=f"{known.facts.get('lessons', 0):,}"))
    if known.accuracy is not None:
        parts.append(f"{100 * known.accuracy:.1f} %")
    parts += [ctx.say(ACTIVE)] if known.number == active else []
    parts += [ctx.say(STALE)] if known.stale else []
    return " · ".join(parts)


def _choice(ctx: Context, known: "Known", active: int) -> Choice:
    return Choice(label(ctx, known, active), f"v{known.number}")
