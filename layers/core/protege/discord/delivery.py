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
) -> None:
    """Send the parts of an answer, from number `first` on.

    The first fills in the "thinking" message, the others follow. With a token that has run out
    they become messages of the bot in the channel, private ones in the person's private chat.
    `sent` is told, after each, how many are out and the last one's message id.
    Raises Gone where the bot may write nowhere, Unavailable where Discord is down.
    """
    for number, reply in enumerate(replies[first:], first):
        sent(number + 1, _one(discord, interaction, number, reply))


def _one(discord: Discord, interaction: Interaction, number: int, reply: Reply) -> str:
    age = time.time() - created_at(interaction.id)
    early = not TOKEN_S < age < DAY_S
    private = {"flags": EPHEMERAL} if reply.private and number else {}
    message = {**reply.message(), **private}
    send = discord.follow_up if number else discord.edit_original
    try:
        return send(interaction.token, message, reply.files, early=early)
    except Gone:
        return _without_token(discord, interaction, number, reply)


def _without_token(discord: Discord, interaction: Interaction, number: int, reply: Reply) -> str:
    if reply.private or not interaction.channel:
        channel = discord.private_channel(interaction.user)
    else:
        channel = interaction.channel
    nonce = f"{interaction.id}-{number}"
    return discord.send(channel, reply.message(), reply.files, nonce=nonce)
