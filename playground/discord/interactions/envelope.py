"""The part of an interaction that says where it happened and who did it."""

from typing import Any

from playground.discord.files import LARGEST
from playground.discord.world import World

Json = dict[str, Any]


def surroundings(world: World, channel: Json, user: str) -> Json:
    """The fields about guild, channel and person, of a guild or of a private chat."""
    guild = world.guild_of(channel)
    bits = str(world.permissions(channel, user))
    shared = {
        "channel_id": channel["id"],
        "app_permissions": str(world.permissions(channel, world.bot["id"])),
        "entitlements": [],
        "attachment_size_limit": LARGEST,
    }
    if guild is None:
        recipients = [world.users[id] for id in channel["recipient_ids"]]
        shown = {k: channel[k] for k in ("id", "type", "last_message_id", "flags")}
        return {
            **shared,
            "channel": {**shown, "recipients": recipients},
            "user": world.users[user],
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }
    hidden = ("permission_overwrites",)
    return {
        **shared,
        "channel": {**{k: v for k, v in channel.items() if k not in hidden}, "permissions": bits},
        "guild_id": guild["id"],
        "guild": {
            "id": guild["id"],
            "locale": guild["preferred_locale"],
            "features": guild["features"],
        },
        "guild_locale": guild["preferred_locale"],
        "member": _member(world, guild, user, bits),
        "context": 0,
        "authorizing_integration_owners": {"0": guild["id"]},
    }


def _member(world: World, guild: Json, user: str, bits: str) -> Json:
    return {
        "user": world.users[user],
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": guild["members"][user],
        "joined_at": guild["joined_at"],
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "permissions": bits,
    }
