"""/join, /leave, /say: into a voice channel, out of it, and words to say there."""

from typing import Annotated

from protege.commands.voice.asking import order, outlook
from protege.context import Context
from protege.discord.interaction import Channel
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command
from protege.voice.calling import NOT_HERE

VOICE = 2
"""Type of a voice channel.
Source: https://docs.discord.com/developers/resources/channel#channel-object-channel-types
"""
NEEDED = Permission.CONNECT | Permission.SPEAK
ENTERS = Permission.VIEW_CHANNEL | Permission.CONNECT
LONGEST_SPEECH = 1000

NOT_IN_ONE = Text(
    "You are in no voice channel. Enter one and call me again, or name one as `channel`.",
    "Вы не в голосовом канале. Зайдите в канал и позовите меня снова или укажите `channel`.",
)
MAY_NOT = Text(
    "I may not enter <#{channel}>: I need the permissions “Connect” and “Speak” there.",
    "Мне нельзя в <#{channel}>: нужны права «Подключаться» и «Говорить».",
)
YOU_MAY_NOT = Text(
    "You may not enter <#{channel}> yourself, so I do not go there for you.",
    "Вам самим нельзя в <#{channel}>, поэтому и я туда по вашей просьбе не пойду.",
)
COMING = {
    "running": Text("🎧 On my way to <#{channel}> …", "🎧 Захожу в <#{channel}> …"),
    "starting": Text(
        "⏳ Waking my voice up; that takes up to a minute. Then I come into <#{channel}>.",
        "⏳ Бужу свой голос, это займёт до минуты. Потом зайду в <#{channel}>.",
    ),
}
LEAVING = Text("👋 I am leaving …", "👋 Ухожу …")
NO_WORDS = Text("There is nothing to say in that.", "Здесь нечего произносить.")
SAYING = Text("🔊 One moment …", "🔊 Секунду …")


@command(
    title=Text("join", "войти"),
    about=Text("Call me into your voice channel", "Позвать меня в свой голосовой канал"),
    runs="later",
    servers_only=True,
)
def join(
    ctx: Context,
    channel: Annotated[
        Channel | None,
        Option(Text("Another voice channel", "Другой голосовой канал"), channels=(VOICE,)),
    ] = None,
) -> Reply:
    """Into the caller's channel, or the given one. The worker tells what became of it.

    What is said there is written where this was asked: nobody hears through us where they may not
    go themselves.
    """
    state = outlook(ctx, join=True)
    if channel and ENTERS & ~channel.permissions:
        raise UserError(YOU_MAY_NOT, channel=channel.id)
    wanted = channel.id if channel else _callers(ctx)
    _check(ctx, wanted)
    coming = ctx.say(COMING[state], channel=wanted)
    return Reply(coming, voice=order(ctx, "join", voice_channel=wanted))


@command(
    title=Text("leave", "выйти"),
    about=Text("Send me out of the voice channel", "Попросить меня выйти из голосового канала"),
    runs="later",
    servers_only=True,
)
def leave(ctx: Context) -> Reply:
    """Out of the guild's channel."""
    if outlook(ctx) == "off":
        raise UserError(NOT_HERE)
    return Reply(ctx.say(LEAVING), voice=order(ctx, "leave"))


@command(
    title=Text("say", "сказать"),
    about=Text(
        "Have me say something in the voice channel", "Попросить меня сказать что-то голосом"
    ),
    runs="later",
    servers_only=True,
)
def say(
    ctx: Context,
    text: Annotated[str, Option(Text("What to say", "Что сказать"), longest=LONGEST_SPEECH)],
) -> Reply:
    """Aloud, in the channel where it is."""
    if outlook(ctx) == "off":
        raise UserError(NOT_HERE)
    if not text.strip():
        raise UserError(NO_WORDS)
    return Reply(ctx.say(SAYING), voice=order(ctx, "say", text=text))


def _check(ctx: Context, wanted: str) -> None:
    """Discord tells what we may do where the command was used: in that channel's own chat, too."""
    told = ctx.interaction.app_permissions
    if told and wanted == ctx.interaction.channel and NEEDED & ~told:
        raise UserError(MAY_NOT, channel=wanted)


def _callers(ctx: Context) -> str:
    found = ctx.bot.calling.where(ctx.interaction.guild, ctx.interaction.user)
    if not found:
        raise UserError(NOT_IN_ONE)
    return found
