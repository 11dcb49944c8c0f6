"""Discord's objects as the API and the gateway show them: guilds, roles, members, channels.

Source: https://docs.discord.com/developers/resources/guild
"""

from typing import Any

from playground.discord.world import World

Json = dict[str, Any]
NOTHING = (
    "icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id",
    "afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code",
    "rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data",
)  # fmt: skip
ZERO = (
    "system_channel_flags", "verification_level", "default_message_notifications", "mfa_level",
    "explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level",
)  # fmt: skip
FIXED: Json = {
    **dict.fromkeys(NOTHING),
    **dict.fromkeys(ZERO, 0),
    "afk_timeout": 300,
    "region": "rotterdam",
    "widget_enabled": False,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_progress_bar_enabled": False,
    "nsfw": False,
    "emojis": [],
    "stickers": [],
}
"""What our guilds have not set."""


def guild(place: Json) -> Json:
    """The guild object, without what only the gateway adds."""
    named = ("id", "name", "features", "owner_id", "preferred_locale")
    roles = [role(found) for found in place["roles"]]
    return {**FIXED, **{name: place[name] for name in named}, "roles": roles}


def role(found: Json) -> Json:
    """The role object."""
    colors = {"primary_color": found["color"], "secondary_color": None, "tertiary_color": None}
    return {
        **found,
        "colors": colors,
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def member(world: World, place: Json, user: str, *, named: bool = True) -> Json:
    """A member of a guild; without the user where `named` is off, as beside a message's author."""
    found = {
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": place["members"].get(user, []),
        "joined_at": place["joined_at"],
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    return {"user": world.users[user], **found} if named else found


def private_chat(world: World, channel: Json) -> Json:
    """The private chat as the bot sees it."""
    recipients = [world.users[id] for id in channel["recipient_ids"]]
    shown = {k: channel[k] for k in ("id", "type", "last_message_id", "flags")}
    return {**shown, "recipients": recipients}
