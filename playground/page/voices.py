"""Voice channels as one person sees them, and where the page's websocket is."""

from typing import Any

from flask import current_app

from playground.discord import permissions
from playground.discord.rest.asking import parts
from playground.discord.world import VOICE

Json = dict[str, Any]
SOCKET = "voice_socket"
"""The extension of the application that holds the websocket's address."""


def socket() -> str:
    """Where browsers speak and hear; empty where nobody can."""
    return str(current_app.extensions.get(SOCKET, ""))


def channels(guild: str, user: str) -> list[Json]:
    """The voice channels that a user sees in a guild, with those who sit there."""
    place = parts().world
    here = [c for c in place.channels.values() if c.get("guild_id") == guild]
    seen = [c for c in here if c["type"] == VOICE and place.can(c, user, permissions.VIEW_CHANNEL)]
    return [_shown(c, user) for c in sorted(seen, key=lambda channel: int(channel["position"]))]


def _shown(channel: Json, user: str) -> Json:
    sitting = parts().states.in_channel(channel["id"])
    return {
        **{name: channel[name] for name in ("id", "name", "user_limit", "position")},
        "connectable": parts().world.can(channel, user, permissions.CONNECT),
        "sitting": [{"user": s.user, "muted": s.self_mute, "deaf": s.self_deaf} for s in sitting],
    }
