"""Who may teach here."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Permission

if TYPE_CHECKING:
    from protege.settings import Rules

TRAINERS_ONLY = Text(
    "Only trainers may teach me here (permission “Manage Server”{role}).",
    "Учить меня здесь могут только тренеры (право «Управлять сервером»{role}).",
)
OR_ROLE = Text(", or the role <@&{id}>", " или роль <@&{id}>")


def check_teacher(ctx: Context) -> "Rules":
    """The guild's rules, if this person may teach. Raises UserError."""
    rules = ctx.bot.settings.rules(ctx.space)
    if rules.who == "everyone" or is_trainer(ctx):
        return rules
    role = ctx.say(OR_ROLE, id=rules.trainer_role) if rules.trainer_role else ""
    raise UserError(TRAINERS_ONLY, role=role)


def is_trainer(ctx: Context) -> bool:
    """Whoever manages the server, or has the role that makes trainers. In a private chat everyone
    is their own trainer.
    """
    interaction = ctx.interaction
    if not interaction.guild or interaction.permissions & Permission.MANAGE_GUILD:
        return True
    role = ctx.bot.settings.rules(ctx.space).trainer_role if interaction.roles else ""
    return bool(role) and role in interaction.roles
