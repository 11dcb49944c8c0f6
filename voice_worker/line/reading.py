"""A message of the library's as one of ours."""

import disnake

from protege.discord.interaction import Attachment
from voice_worker.line.events import Message

_VOICE = 1 << 13
"""A voice message. Source: https://docs.discord.com/developers/resources/message#message-object-message-flags
"""


WRITTEN = (disnake.MessageType.default, disnake.MessageType.reply)
"""Types of messages that somebody wrote; others tell of threads begun, names changed, boosts ...
Source: https://docs.discord.com/developers/resources/message#message-object-message-types
"""


def read(message: disnake.Message, me: int) -> Message:
    """`message`, as user `me` sees it."""
    author, guild = message.author, message.guild
    replied, replies_to_me = _replied(message, me)
    return Message(
        id=str(message.id),
        guild=str(guild.id) if guild else "",
        channel=str(message.channel.id),
        author=str(author.id),
        content=message.content,
        locale=str(guild.preferred_locale) if guild else "en-US",
        mentions_me=any(user.id == me for user in message.mentions),
        replies_to_me=replies_to_me,
        replied=replied,
        attachments=tuple(_attachment(found) for found in message.attachments),
        voice=bool(message.flags.value & _VOICE),
        roles=_roles(author),
        permissions=_permissions(message),
        author_is_bot=author.bot or message.webhook_id is not None,
    )


def _replied(message: disnake.Message, me: int) -> tuple[str, bool]:
    reference = message.reference
    if message.type is not disnake.MessageType.reply or reference is None:
        return "", False
    before = reference.resolved
    mine = isinstance(before, disnake.Message) and before.author.id == me
    return str(reference.message_id or ""), mine


def _attachment(found: disnake.Attachment) -> Attachment:
    return Attachment(str(found.id), found.filename, found.url, found.size)


def _roles(author: disnake.User | disnake.Member) -> tuple[str, ...]:
    if not isinstance(author, disnake.Member):
        return ()
    return tuple(str(role.id) for role in author.roles if not role.is_default())


def _permissions(message: disnake.Message) -> int:
    """0 where the channel is unknown to us: then nobody is trusted with anything."""
    author, channel = message.author, message.channel
    if not isinstance(author, disnake.Member) or not isinstance(
        channel, disnake.abc.GuildChannel | disnake.Thread
    ):
        return 0
    return channel.permissions_for(author).value
