"""What trainers are told beside an answer: that the budget is nearly used up."""

from protege.commands.pace import kind
from protege.commands.teaching import is_trainer
from protege.context import Context
from protege.discord.reply import Reply


def nearly_spent(ctx: Context) -> Reply | None:
    """Once a month and guild, to the trainer who comes first after a question or a training."""
    if kind(ctx.interaction.name) == "other" or not is_trainer(ctx):
        return None
    warning = ctx.bot.spending.warning(ctx.space)
    return Reply(ctx.say(warning), private=True) if warning else None
