"""The part of an interaction that says where it happened and who did it."""

from typing import Any

from playground.discord import shapes
from playground.discord.files import LARGEST
from playground.discord.world import World

Json = dict[str, Any]


def surroundings(world: World, channel: Json, user: str) -> Json:
    """The fields about guild, channel and person, of a guild or of a private chat."""
    guild = world.guild_of(channel)
    shared = {
        "channel_id": channel["id"],
        "app_permissions": str(world.permissions(channel, world.bot["id"])),
        "entitlements": [],
        "attachment_size_limit": LARGEST,
    }
    if guild is None:
        return {**shared, **_private(world, channel, user)}
    return {**shared, **_in_guild(world, guild, channel, user)}


def _private(world: World, channel: Json, user: str) -> Json:
    return {
        "channel": shapes.private_chat(world, channel),
        "user": world.users[user],
        "context": 1,
        "authorizing_integration_owners": {"0": "0"},
    }


def _in_guild(world: World, guild: Json, channel: Json, user: str) -> Json:
    bits = str(world.permissions(channel, user))
    shown = {k: v for k, v in channel.items() if k != "permission_overwrites"}
    locale = guild["preferred_locale"]
    return {
        "channel": {**shown, "permissions": bits},
        "guild_id": guild["id"],
        "guild": {"id": guild["id"], "locale": locale, "features": guild["features"]},
        "guild_locale": locale,
        "member": {**shapes.member(world, guild, user), "permissions": bits},
        "context": 0,
        "authorizing_integration_owners": {"0": guild["id"]},
    }
