"""Which events a bot asked for, and which it may ask for.

Source: https://docs.discord.com/developers/events/gateway#gateway-intents
"""

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_VOICE_STATES = 1 << 7
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15
KNOWN = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
SWITCHES = {
    GUILD_PRESENCES: 1 << 12 | 1 << 13,
    GUILD_MEMBERS: 1 << 14 | 1 << 15,
    MESSAGE_CONTENT: 1 << 18 | 1 << 19,
}
"""Privileged intents, and the flags of an application that has them (verified or not)."""
IN_GUILDS = {
    "MESSAGE_CREATE": GUILD_MESSAGES,
    "MESSAGE_UPDATE": GUILD_MESSAGES,
    "MESSAGE_DELETE": GUILD_MESSAGES,
    "TYPING_START": GUILD_TYPING,
    "VOICE_STATE_UPDATE": GUILD_VOICE_STATES,
    "GUILD_CREATE": GUILDS,
    "GUILD_DELETE": GUILDS,
    "CHANNEL_DELETE": GUILDS,
    "CHANNEL_UPDATE": GUILDS,
}
IN_PRIVATE = {
    "MESSAGE_CREATE": DIRECT_MESSAGES,
    "MESSAGE_UPDATE": DIRECT_MESSAGES,
    "MESSAGE_DELETE": DIRECT_MESSAGES,
    "TYPING_START": DIRECT_TYPING,
}


def needed(event: str, *, private: bool) -> int:
    """The intent that brings an event; 0 for those that always come."""
    return (IN_PRIVATE if private else IN_GUILDS).get(event, 0)


def disallowed(intents: int, flags: int) -> bool:
    """Whether privileged intents are asked for that the application (`flags`) does not have."""
    return any(intents & intent and not flags & have for intent, have in SWITCHES.items())
