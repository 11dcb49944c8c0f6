"""/chat channel: where the bot answers every message, not only those meant for it."""

from typing import Annotated

from protege.commands.voice.asking import order, server
from protege.context import Context
from protege.discord.interaction import Channel
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Option, Permission, command

CHANGES = {
    "add": Text("add: answer every message there", "add: отвечать там на всё"),
    "remove": Text("remove: no longer", "remove: больше не отвечать"),
    "list": Text("list: show where", "list: показать где"),
}
WITH_MESSAGES = (0, 2, 5, 10, 11, 12)
"""Types of channels and threads in which people write.
Source: https://docs.discord.com/developers/resources/channel#channel-object-channel-types
"""
MOST = 50
THERE = Text(
    "💬 I answer every message in: {channels}", "💬 Отвечаю на все сообщения в: {channels}"
)
NOWHERE = Text(
    "💬 I answer no messages but those meant for me: mentions, replies, private messages.",
    "💬 Отвечаю только на обращения ко мне: упоминания, ответы, личные сообщения.",
)
FULL = Text("More than {most} channels are too many.", "Больше {most} каналов — это слишком.")
UNKNOWN = Text(
    "“{value}” is not one of: {known}.", "«{value}» не подходит; возможно одно из: {known}."
)
CANNOT_READ = Text(
    "\n⚠️ I cannot read messages yet that are not meant for me. Whoever runs this bot can allow it "
    "(Discord's “Message Content Intent”, then `MESSAGE_CONTENT=1`).",
    "\n⚠️ Пока я не могу читать сообщения, обращённые не ко мне. Разрешить может тот, кто "
    "запустил бота («Message Content Intent» в Discord, затем `MESSAGE_CONTENT=1`).",
)
SOMETIMES = Text(
    "\n⚠️ I see messages only while I am awake, that is in a voice channel (`VOICE` is not "
    "`always`).",
    "\n⚠️ Я вижу сообщения, только пока не сплю, то есть пока я в голосовом канале (`VOICE` — не "
    "`always`).",
)
NEVER = Text(
    "\n⚠️ I see no messages at all: `VOICE` is `off`.",
    "\n⚠️ Я не вижу никаких сообщений: `VOICE` выключен (`off`).",
)


def changes(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """What can be done with a channel."""
    return tuple(Choice(ctx.say(text), value) for value, text in CHANGES.items())


WHAT = Option(Text("add, remove or list", "add, remove или list"), suggest=changes, longest=20)
WHERE = Option(Text("This one, if none is named", "Если не указан, этот"), channels=WITH_MESSAGES)


@command(
    title=Text("chat channel", "чат канал"),
    about=Text("Where I answer every message", "Где отвечать на все сообщения"),
    runs="later",
    private=True,
    needs=Permission.MANAGE_GUILD,
    servers_only=True,
)
def chat_channel(
    ctx: Context,
    change: Annotated[str | None, WHAT] = None,
    channel: Annotated[Channel | None, WHERE] = None,
) -> Reply:
    """Add or remove a channel; show all of them."""
    space, book, by = server(ctx), ctx.bot.voice_rules, ctx.interaction.user
    place = channel.id if channel else ctx.interaction.channel
    match change or ("add" if channel else "list"):
        case "list":
            return Reply(_shown(ctx, book.rules(space).chat_channels), private=True)
        case "add":
            rules = book.open_channel(space, by, place, most=MOST)
            if rules is None:
                raise UserError(FULL, most=MOST)
        case "remove":
            rules = book.close_channel(space, by, place)
        case other:
            raise UserError(UNKNOWN, value=plain(other, 60), known=", ".join(CHANGES))
    said = _shown(ctx, rules.chat_channels)
    return Reply(said, private=True, voice=order(ctx, "rules"))


def _shown(ctx: Context, channels: tuple[str, ...]) -> str:
    if not channels:
        return ctx.say(NOWHERE)
    said = ctx.say(THERE, channels=", ".join(f"<#{channel}>" for channel in channels))
    if not ctx.bot.voice_rules.reads:
        said += ctx.say(CANNOT_READ)
    mode = ctx.bot.calling.mode
    return said + {"on_demand": ctx.say(SOMETIMES), "off": ctx.say(NEVER)}.get(mode, "")
