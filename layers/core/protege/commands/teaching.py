"""Who may teach here."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Permission

if TYPE_CHECKING:
    from protege.settings import Rules

TRAINERS_ONLY = Text(
    "Only trainers may teach me here (permission “Manage Server”).",
    "Учить меня здесь могут только тренеры (право «Управлять сервером»).",
)
ROLE_ONLY = Text(
    "Only trainers and people with the role <@&{role}> may teach me here.",
    "Учить меня здесь могут только тренеры и участники с ролью <@&{role}>.",
)


def check_teacher(ctx: Context) -> "Rules":
    """The guild's rules, if this person may teach. Raises UserError."""
    rules = ctx.bot.settings.rules(ctx.space)
    if is_trainer(ctx) or rules.who == "everyone":
        return rules
    if rules.who == "trainers":
        raise UserError(TRAINERS_ONLY)
    if rules.role not in ctx.interaction.roles:
        raise UserError(ROLE_ONLY, role=rules.role)
    return rules


def is_trainer(ctx: Context) -> bool:
    """In a private chat everyone is their own trainer."""
    interaction = ctx.interaction
    return not interaction.guild or bool(interaction.permissions & Permission.MANAGE_GUILD)
