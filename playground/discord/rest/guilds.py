"""Guilds, their members and voice states; users; where the gateway is.

Source: https://docs.discord.com/developers/resources/guild
"""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from playground.discord import shapes
from playground.discord.errors import ApiError
from playground.discord.rest.asking import need_bot, parts, watch
from playground.voice.changes import shown
from playground.voice.gateway.desk import Desk
from playground.voice.server import VoiceSide

routes = Blueprint("guilds", __name__)
watch(routes)
MOST_GUILDS = 200
STARTS = 1000
"""Identifies a day. Source: https://docs.discord.com/developers/events/gateway#identifying"""


@routes.get("/gateway")
def gateway() -> Response:
    """Where the gateway is; asked without a token."""
    return jsonify({"url": _desk().url})


@routes.get("/gateway/bot")
def gateway_of_bot() -> Response:
    """The same, and how often a bot may identify."""
    need_bot()
    desk = _desk()
    limit = {
        "total": STARTS,
        "remaining": max(0, STARTS - desk.counts["identified"]),
        "reset_after": 86_400_000,
        "max_concurrency": 1,
    }
    return jsonify({"url": desk.url, "shards": 1, "session_start_limit": limit})


def _desk() -> Desk:
    voice: VoiceSide | None = current_app.extensions["voice"]
    if voice is None:
        raise ApiError(404, 0)
    return voice.gateway.desk


@routes.get("/users/@me/guilds")
def own_guilds() -> Response:
    """Guilds that the bot is in, by their ids, a page at a time.

    Source: https://docs.discord.com/developers/resources/user#get-current-user-guilds
    """
    need_bot()
    after, most = int(request.args.get("after", 0)), int(request.args.get("limit", MOST_GUILDS))
    found = sorted(parts().world.joined, key=lambda place: int(place["id"]))
    later = [place for place in found if int(place["id"]) > after]
    return jsonify([_own(place) for place in later[:most]])


def _own(place: dict[str, Any]) -> dict[str, Any]:
    whole = shapes.guild(place)
    kept = {name: whole[name] for name in ("id", "name", "icon", "banner", "features")}
    return {**kept, "owner": False, "permissions": "0"}


@routes.get("/guilds/<guild>")
def guild(guild: str) -> Response:
    """One guild."""
    return jsonify(shapes.guild(_guild(guild)))


@routes.get("/guilds/<guild>/channels")
def channels(guild: str) -> Response:
    """All channels of a guild."""
    id = _guild(guild)["id"]
    found = [c for c in parts().world.channels.values() if c.get("guild_id") == id]
    return jsonify(found)


@routes.get("/guilds/<guild>/members/<user>")
def member(guild: str, user: str) -> Response:
    """One member."""
    place = _guild(guild)
    if user not in place["members"]:
        raise ApiError(404, 10007)
    return jsonify(shapes.member(parts().world, place, user))


@routes.get("/guilds/<guild>/voice-states/<user>")
def voice_state(guild: str, user: str) -> Response:
    """Where a member sits, or the bot itself (`@me`)."""
    place, world = _guild(guild), parts().world
    who = world.bot["id"] if user == "@me" else user
    seat = parts().states.of(who, place["id"])
    if seat is None:
        raise ApiError(404, 10065)
    return jsonify({**shown(seat), "member": shapes.member(world, place, who)})


@routes.get("/users/<user>")
def user(user: str) -> Response:
    """Anybody."""
    need_bot()
    if user not in parts().world.users:
        raise ApiError(404, 10013)
    return jsonify(parts().world.users[user])


def _guild(id: str) -> dict[str, Any]:
    """Raises ApiError (10004)."""
    need_bot()
    found = next((guild for guild in parts().world.joined if guild["id"] == id), None)
    if found is None:
        raise ApiError(404, 10004)
    return found
