"""What the line tells its owner."""

from typing import Literal, NamedTuple, Protocol

from protege.discord.interaction import Attachment

Why = Literal["asked", "kicked", "closed", "lost"]
"""Why the bot is no longer in a channel: it was asked to leave; somebody disconnected it; the
channel or the guild is gone; it gave up rejoining."""


class Message(NamedTuple):
    """A message somebody wrote. Ids are Discord's, as text."""

    id: str
    guild: str
    """Empty in a private chat."""
    channel: str
    author: str
    content: str
    """Empty where Discord hides it: neither a private chat, nor a mention of us, nor the intent."""
    locale: str
    """The guild's preferred one; "en-US" in a private chat."""
    mentions_me: bool
    replies_to_me: bool
    replied: str
    """The message that it answers; empty for none."""
    attachments: tuple[Attachment, ...]
    voice: bool
    """It is a voice message: its attachment is what was said."""
    roles: tuple[str, ...]
    permissions: int
    """The author's in that channel, as Discord's bits; 0 in a private chat."""
    author_is_bot: bool


class Events(Protocol):
    """Who wants to know. The coroutines of one guild are called one after another; a message does
    not wait for the message before it.
    """

    def heard(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        """20 ms of what `user` said (HEARD_FRAME bytes); `at`: time.monotonic() of its packet.
        Called from the receiving thread: must return at once.
        """

    async def people(self, guild: str, channel: str, people: frozenset[str]) -> None:
        """Who sits in the bot's channel now, bots left out."""

    async def moved(self, guild: str, channel: str) -> None:
        """Somebody moved the bot to another channel."""

    async def left(self, guild: str, why: Why) -> None:
        """The bot is in no channel of this guild any more."""

    async def message(self, message: Message) -> None:
        """Somebody (never this bot) wrote a message that the bot may see."""
