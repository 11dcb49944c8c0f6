"""What is answered to an old button, or a command that is not registered any more."""

from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import command

UNKNOWN = Text(
    en="I no longer know this command. Reload Discord and try again.",
    ru="Я больше не знаю эту команду. Перезагрузите Discord и попробуйте снова.",
)


@command(title=Text("unknown", "неизвестно"), about=UNKNOWN, private=True)
def unknown(ctx: Context) -> Reply:
    """Never registered; found where nothing else is."""
    raise UserError(UNKNOWN)
