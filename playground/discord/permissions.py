"""Permission bits, and who may do what in a channel.

Source: https://docs.discord.com/developers/topics/permissions
"""

from typing import Any

ADD_REACTIONS = 1 << 6
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
USE_EXTERNAL_EMOJIS = 1 << 18
CONNECT = 1 << 20
SPEAK = 1 << 21
MOVE_MEMBERS = 1 << 24
"""Also: to enter a voice channel that is full."""
CHANGE_NICKNAME = 1 << 26
USE_APPLICATION_COMMANDS = 1 << 31
SEND_IN_THREADS = 1 << 38

EVERYONE = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | SEND_IN_THREADS
)
ADMIN = EVERYONE | MANAGE_GUILD | MANAGE_CHANNELS | MANAGE_MESSAGES | MOVE_MEMBERS
DM = EVERYONE & ~(CONNECT | SPEAK | CHANGE_NICKNAME)


def in_channel(guild: dict[str, Any], channel: dict[str, Any], user: str) -> int:
    """A member's permissions in a channel: roles first, then the channel's overwrites."""
    roles = [guild["id"], *guild["members"].get(user, [])]
    found = 0
    for role in guild["roles"]:
        if role["id"] in roles:
            found |= int(role["permissions"])
    for group in ([guild["id"]], roles[1:], [user]):
        found = _overwritten(found, channel.get("permission_overwrites", []), group)
    return found


def _overwritten(found: int, overwrites: list[dict[str, Any]], ids: list[str]) -> int:
    chosen = [o for o in overwrites if o["id"] in ids]
    deny = allow = 0
    for overwrite in chosen:
        deny |= int(overwrite["deny"])
        allow |= int(overwrite["allow"])
    return found & ~deny | allow
