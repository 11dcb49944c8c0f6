"""The world as it is on the first day: two guilds, three people, one bot."""

import secrets
from typing import Any

from playground.discord import permissions
from playground.discord.ids import Snowflakes, iso

DAY_S = 86_400
MAY_READ_ALONG = 1 << 19
"""The application's switch for the message content intent (of bots in less than 100 guilds)."""
ANCIENT_S = 400 * DAY_S
GUILDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Aurora Observatory", "en-US", ("general", "training", "announcements", "staff")),
    ("Книжный клуб", "ru", ("общий", "обучение")),
)
VOICES: dict[str, tuple[str, str, str]] = {
    "Aurora Observatory": ("Lounge", "Booth", "Stage door"),
    "Книжный клуб": ("Гостиная", "Кабина", "За кулисами"),
}
"""Voice channels: for everybody, for one at a time, and one that the bot may not enter."""
PEOPLE = (("vera", "Vera"), ("max", "Max"), ("lina", "Лина"))
"""The first is the administrator of both guilds."""
TOPICS = {
    "general": "Everything under the sky",
    "training": "Teach Protégé here",
    "announcements": "Only admins write here; the bot may not",
    "staff": "Hidden from members and from the bot",
    "общий": "Обо всём",
    "обучение": "Здесь учим Protégé",
}


def user(id: str, username: str, name: str | None, *, bot: bool = False) -> dict[str, Any]:
    """Discord's user object."""
    found: dict[str, Any] = {
        "id": id,
        "username": username,
        "discriminator": "0000" if bot else "0",
        "global_name": name,
        "avatar": None,
        "avatar_decoration_data": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    return {**found, "bot": True} if bot else found


def application(ids: Snowflakes) -> dict[str, Any]:
    """The application with its secrets, which never leave the data folder."""
    id = ids.next(ANCIENT_S)
    return {
        "id": id,
        "name": "Protégé",
        "description": "A bot that a community teaches",
        "key": secrets.token_hex(32),
        "file_key": secrets.token_hex(32),
        "bot_token": f"playground.{secrets.token_urlsafe(24)}",
        "interactions_endpoint_url": None,
        "flags": MAY_READ_ALONG,
        "bot": user(id, "Protégé", None, bot=True),
    }


def people(ids: Snowflakes) -> list[dict[str, Any]]:
    """The persons who use the page."""
    return [user(ids.next(ANCIENT_S - i), *names) for i, names in enumerate(PEOPLE)]


def guild(
    ids: Snowflakes, name: str, locale: str, everybody: list[dict[str, Any]], bot: str
) -> dict[str, Any]:
    """A guild with its roles and members; the first person owns it, the second may do no more
    than others, but has a role."""
    id, admin, coach = (ids.next(ANCIENT_S - age) for age in range(3))
    return {
        "id": id,
        "name": name,
        "icon": None,
        "preferred_locale": locale,
        "features": [],
        "owner_id": everybody[0]["id"],
        "joined_at": iso(),
        "roles": [
            _role(id, "@everyone", permissions.EVERYONE, 0),
            _role(admin, "Admin", permissions.ADMIN, 2),
            _role(coach, "Coach", 0, 1),
        ],
        "members": {
            **{p["id"]: [] for p in everybody},
            everybody[0]["id"]: [admin],
            everybody[1]["id"]: [coach],
            bot: [],
        },
    }


def _role(id: str, name: str, bits: int, position: int) -> dict[str, Any]:
    return {"id": id, "name": name, "permissions": str(bits), "position": position, "color": 0}


def channels(ids: Snowflakes, place: dict[str, Any], bot: str) -> list[dict[str, Any]]:
    """The text channels of a guild."""
    names = next(names for name, _, names in GUILDS if name == place["name"])
    return [
        {
            "id": ids.next(ANCIENT_S - 10 - i),
            "type": 0,
            "guild_id": place["id"],
            "name": name,
            "topic": TOPICS[name],
            "position": i,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "last_message_id": None,
            "flags": 0,
            "permission_overwrites": _overwrites(name, place, bot),
        }
        for i, name in enumerate(names)
    ]


def voice_channels(ids: Snowflakes, place: dict[str, Any], bot: str) -> list[dict[str, Any]]:
    """The voice channels of a guild."""
    closed = {"id": bot, "type": 1, "allow": "0", "deny": str(permissions.CONNECT)}
    kinds: tuple[tuple[int, list[dict[str, Any]]], ...] = ((0, []), (1, []), (0, [closed]))
    return [
        {
            "id": ids.next(ANCIENT_S - 20 - i),
            "type": 2,
            "guild_id": place["id"],
            "name": name,
            "position": i,
            "bitrate": 64_000,
            "user_limit": limit,
            "rtc_region": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "last_message_id": None,
            "flags": 0,
            "permission_overwrites": overwrites,
        }
        for i, (name, (limit, overwrites)) in enumerate(
            zip(VOICES[place["name"]], kinds, strict=True)
        )
    ]


def _overwrites(name: str, place: dict[str, Any], bot: str) -> list[dict[str, Any]]:
    everyone, admin = place["roles"][0]["id"], place["roles"][1]["id"]
    closed = {
        "announcements": permissions.SEND_MESSAGES,
        "staff": permissions.VIEW_CHANNEL,
    }.get(name, 0)
    if not closed:
        return []
    return [
        {"id": everyone, "type": 0, "allow": "0", "deny": str(closed)},
        {"id": admin, "type": 0, "allow": str(closed), "deny": "0"},
        {"id": bot, "type": 1, "allow": "0", "deny": str(closed)},
    ]
