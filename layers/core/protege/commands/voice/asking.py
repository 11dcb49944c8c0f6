"""What all commands about voice begin with."""

from typing import TYPE_CHECKING

from protege.commands.teaching import is_trainer
from protege.context import Context
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Permission
from protege.voice.orders import Deed, Order

if TYPE_CHECKING:
    from protege.voice.presence import State

ONLY_SERVERS = Text(
    "There are voice channels on servers only, not in a private chat.",
    "Голосовые каналы есть только на серверах, в личных сообщениях их нет.",
)
OFF = Text(
    "My voice is switched off here. Whoever runs this bot can switch it on (`VOICE`).",
    "Мой голос здесь выключен. Включить его может тот, кто запустил бота (`VOICE`).",
)


def order(ctx: Context, do: Deed, *, voice_channel: str = "", text: str = "") -> Order:
    """What the voice worker is asked for; it tells in our reply how it went. Who may move others
    about, and trainers, need not sit with it.

    Of changed rules nobody needs to hear. Raises UserError outside a server.
    """
    asked = ctx.interaction
    token = "" if do == "rules" else asked.token
    trusted = bool(asked.permissions & Permission.MOVE_MEMBERS) or is_trainer(ctx)
    who = (asked.user, asked.channel, asked.locale, asked.id, token, trusted)
    return Order(do, server(ctx), voice_channel, text, *who)


def outlook(ctx: Context, *, join: bool = False) -> "State":
    """Whether a voice worker is there to be asked. Raises UserError where voice is off."""
    server(ctx)
    if ctx.bot.calling.mode == "off":
        raise UserError(OFF)
    return ctx.bot.calling.outlook(join=join)


def server(ctx: Context) -> str:
    """The guild. Raises UserError in a private chat."""
    if not ctx.interaction.guild:
        raise UserError(ONLY_SERVERS)
    return ctx.interaction.guild
