"""How heavy each action is, and what somebody reads who came too often."""

from protege.commands.table import TABLE
from protege.context import Context
from protege.discord.reply import Reply
from protege.limits import Kind, TooOften
from protege.text import Text
from protege.ui.lookup import find

ASKING = frozenset(("ask", "compare", "say"))
TRAINING = frozenset(
    (
        *("train", "test", "test_begin", "archive", "confirm_job", "retry_job"),
        *("dataset export", "model export", "export_version", "export_as"),
        *("model rebuild", "rebuild_version"),
    )
)
FENCE, INSIDE = "```", "`\u200b``"
"""What begins and ends a block, and what looks like it and does not."""
YOURS = Text(
    "So that nothing is lost, this is what you wrote:",
    "Чтобы ничего не пропало, вот что вы написали:",
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
        open_anyway = find(TABLE, asked).private or asked.name in ASKING
        return Reply(error.to(asked.locale) + (_typed(ctx) if open_anyway else ""), private=True)
    return None


def _typed(ctx: Context) -> str:
    """As blocks that are easily copied."""
    values = (v.strip() for v in ctx.interaction.values.values() if isinstance(v, str))
    blocks = [f"{FENCE}\n{v.replace(FENCE, INSIDE)}\n{FENCE}" for v in values if v]
    return "\n".join(["", ctx.say(YOURS), *blocks]) if blocks else ""
