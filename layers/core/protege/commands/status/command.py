"""/status: one frame of small fields; what cannot be found out says so and hides nothing else."""

from protege.commands.status import everywhere, here
from protege.commands.status.field import Field, told
from protege.context import Context
from protege.discord.reply import Embed, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Permission, command

TITLE = Text("Protégé {version}", "Protégé {version}")
ALL_IS_WELL = Text("✅ Nothing needs you right now.", "✅ Сейчас всё в порядке.")
LOOK = Text("⚠️ Look at: {what}.", "⚠️ Обратите внимание: {what}.")
NOT_YOURS = Text(
    "That is for those who run this bot or manage this server. How are *you*? `/ask` me something!",
    "Это для тех, кто запустил бота или управляет сервером. А как *ваши* дела? Спросите меня "
    "что-нибудь: `/ask`!",
)


@command(
    title=Text("status", "состояние"),
    about=Text(
        "How I am: versions, costs, limits, errors", "Как я поживаю: версии, расходы, ошибки"
    ),
    runs="later",
    private=True,
    needs=Permission.MANAGE_GUILD,
)
def status(ctx: Context) -> Reply:
    """This server's part; for who runs the bot, all servers' too."""
    asked = ctx.interaction
    runs_it = ctx.bot.operators.has(asked.user)
    if not runs_it and asked.guild and not asked.permissions & Permission.MANAGE_GUILD:
        raise UserError(NOT_YOURS)
    wanted = [*here.FIELDS, *(everywhere.FIELDS if runs_it else here.LISTS)]
    fields = [told(ctx, about, find) for about, find in wanted]
    return Reply("", private=True, embed=_framed(ctx, [one for one in fields if one.text]))


def _framed(ctx: Context, fields: list[Field]) -> Embed:
    from protege.version import version

    bad = ", ".join(f"**{field.name}**" for field in fields if field.bad)
    says = ctx.say(LOOK, what=bad) if bad else ctx.say(ALL_IS_WELL)
    shown = tuple((field.name, field.text, field.beside) for field in fields)
    return Embed(ctx.say(TITLE, version=version()), says, fields=shown)
