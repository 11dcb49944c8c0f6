"""Bringing a reply to where people see it, whatever became of the interaction's token."""

import time
from collections.abc import Callable, Sequence

from protege.discord.interaction import Interaction
from protege.discord.reply import EPHEMERAL, Reply
from protege.discord.rest import Discord
from protege.discord.snowflake import created_at
from protege.errors import Gone

DAY_S = 24 * 3600
"""No queue keeps an interaction this long: an id that claims it is not one of Discord's."""
TOKEN_S = 15 * 60
"""An interaction's token lives 15 minutes.
Source: https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
"""


def deliver(
    discord: Discord,
    interaction: Interaction,
    replies: Sequence[Reply],
    *,
    first: int = 0,
    sent: Callable[[int, str], None] = lambda count, message: None,
    again: bool = False,
) -> None:
    """Send the parts of an answer, from number `first` on; `again`: that one may be out already,
    as somebody else was at it.

    The first fills in the "thinking" message, the others follow. With a token that has run out
    they become messages of the bot in the channel, private ones in the person's private chat.
    `sent` is told, after each, how many are out and the last one's message id.
    Raises Gone where the bot may write nowhere, Unavailable where Discord is down.
    """
    for number, reply in enumerate(replies[first:], first):
        found = _seen(discord, interaction, number, reply) if again and number == first else ""
        sent(number + 1, found or _one(discord, interaction, number, reply))


def _one(discord: Discord, interaction: Interaction, number: int, reply: Reply) -> str:
    age = time.time() - created_at(interaction.id)
    early = not TOKEN_S < age < DAY_S
    token, message, files = interaction.token, reply.message(), reply.files
    try:
        if not number:
            return discord.edit_original(token, message, files, early=early)
        flags = {"flags": EPHEMERAL} if reply.private else {}
        return discord.follow_up(
            token,
            {**message, **flags},
            files,
            early=early,
            seen=lambda: _seen(discord, interaction, number, reply),
        )
    except Gone:
        return _without_token(discord, interaction, number, reply)


def _seen(discord: Discord, interaction: Interaction, number: int, reply: Reply) -> str:
    """Id of a further message that is out though nobody wrote that down; "" as far as we can see.

    The first one is filled in as often as one likes. A private one nobody can look for: it may
    show twice where a worker dies at the very moment between sending it and noting that.
    """
    if not number or reply.private or not (reply.content and interaction.channel):
        return ""
    return discord.posted(interaction.channel, reply.content, after=interaction.id)


def _without_token(discord: Discord, interaction: Interaction, number: int, reply: Reply) -> str:
    if reply.private or not interaction.channel:
        channel = discord.private_channel(interaction.user)
    else:
        channel = interaction.channel
    nonce = f"{interaction.id}-{number}"
    return discord.send(channel, reply.message(), reply.files, nonce=nonce)
