"""How heavy each action is, and what somebody reads who came too often."""

from protege.commands.table import TABLE
from protege.context import Context
from protege.discord.reply import Reply
from protege.limits import Kind, TooOften
from protege.ui.lookup import find
from protege.ui.returning import given_back

ASKING = frozenset(("ask", "compare", "say"))
TRAINING = frozenset(
    (
        *("train", "test", "test_begin", "archive", "confirm_job", "retry_job"),
        *("dataset export", "model export", "export_version", "export_as"),
        *("model rebuild", "rebuild_version"),
    )
)


def kind(name: str) -> Kind:
    """Of the action of that name."""
    if name in ASKING:
        return "asking"
    return "training" if name in TRAINING else "other"


def turned_away(ctx: Context) -> Reply | None:
    """When to come again, where this is one too many; else it counts, and None.

    What they typed is given back where it would be seen by them alone, or by all anyway.
    """
    asked = ctx.interaction
    try:
        ctx.bot.limits.check(ctx.space, asked.user, kind(asked.name))
    except TooOften as error:
        entry = find(TABLE, asked)
        open_anyway = entry.private or asked.name in ASKING
        words = given_back(entry.load(), asked) if open_anyway else ""
        return Reply(error.to(asked.locale) + words, private=True)
    return None
