"""Whether the bot may enter a voice channel, as far as can be known before Discord is asked, which
does not answer a request that it refuses.
"""

import disnake

from voice_worker.line.errors import ChannelFull, NoPermission, NoSuchChannel

Voice = disnake.VoiceChannel | disnake.StageChannel
_TAKES = (("view", "view_channel"), ("connect", "connect"), ("speak", "speak"))


def admitted(client: disnake.Client, guild: str, channel: str) -> Voice:
    """The channel. Raises NoSuchChannel, NoPermission, ChannelFull."""
    home = client.get_guild(_number(guild))
    found = home.get_channel(_number(channel)) if home else None
    if home is None or not isinstance(found, Voice):
        raise NoSuchChannel(channel)
    if home.me is not None:
        _permitted(found, found.permissions_for(home.me), home.me.id)
    return found


def _permitted(channel: Voice, granted: disnake.Permissions, me: int) -> None:
    missing = tuple(name for name, flag in _TAKES if not getattr(granted, flag))
    if missing:
        raise NoPermission(missing[:1])  # the first one takes the others with it
    inside = channel.voice_states
    full = channel.user_limit and len(inside) >= channel.user_limit and me not in inside
    if full and not granted.move_members:  # who may move people may enter a full channel
        raise ChannelFull(channel.user_limit)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
