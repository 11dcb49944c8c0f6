"""What people do and see: the world, messages, commands, uploads, interactions."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from playground.discord import permissions
from playground.discord.errors import ApiError
from playground.discord.files import LARGEST, Upload
from playground.discord.rest.asking import parts
from playground.discord.rules.messages import check_message
from playground.discord.world import VOICE
from playground.page import voices, writing
from playground.page.recordings import as_discord_sends

Json = dict[str, Any]
routes = Blueprint("people", __name__, url_prefix="/playground")


@routes.get("/world")
def world() -> Response:
    """Who and what there is, as one person sees it."""
    last = parts().hub.last  # before all else: what changes meanwhile comes as news, too
    place, user = parts().world, request.args.get("user", "")
    people = [u for u in place.users.values() if not u.get("bot")]
    user = user if user in place.users else people[0]["id"]
    return jsonify(
        {
            "application": {k: place.application[k] for k in ("id", "name", "description")},
            "public_key": place.public_key,
            "bot": place.bot,
            "me": user,
            "people": people,
            "guilds": [_guild(guild, user) for guild in place.guilds.values()],
            "private": place.private_chat(user)["id"],
            "validating": parts().validation.on,
            "voice": voices.socket(),
            "event": last,
        }
    )


def _guild(guild: Json, user: str) -> Json:
    place = parts().world
    here = [c for c in place.channels.values() if c.get("guild_id") == guild["id"]]
    mine = [c for c in here if c["type"] != VOICE]
    seen = [c for c in mine if place.can(c, user, permissions.VIEW_CHANNEL)]
    shown = [
        {
            **{name: channel[name] for name in ("id", "name", "topic", "position")},
            "writable": place.can(channel, user, permissions.SEND_MESSAGES),
        }
        for channel in sorted(seen, key=lambda channel: int(channel["position"]))
    ]
    admin = {r["id"] for r in guild["roles"] if int(r["permissions"]) & permissions.MANAGE_GUILD}
    admins = [id for id, roles in guild["members"].items() if admin.intersection(roles)]
    roles = [{"id": role["id"], "name": role["name"]} for role in guild["roles"]]
    about = {name: guild[name] for name in ("id", "name", "preferred_locale")}
    found = {
        **about,
        "members": list(guild["members"]),
        "admins": admins,
        "roles": roles,
        "channels": shown,
    }
    return {**found, "voice": voices.channels(guild["id"], user)}


@routes.get("/channels/<id>/messages")
def messages(id: str) -> Response:
    """A channel's messages, oldest first, and the number of the last event before them."""
    user = request.args["user"]
    channel = _visible(id, user)
    last = parts().hub.last
    found = [parts().posts.render(post) for post in parts().posts.seen_by(channel, user)]
    return jsonify({"messages": found, "event": last})


@routes.post("/channels/<id>/messages")
def say(id: str) -> Response:
    """Write as a person: form fields `user`, `content` and files; see `writing.body`."""
    user = request.form["user"]
    channel = _visible(id, user)
    if not parts().world.can(channel, user, permissions.SEND_MESSAGES):
        raise ApiError(403, 50013)
    files = [as_discord_sends(one) for one in _files()]
    body = writing.body(request.form, files)
    check_message(body, files)
    post = parts().posts.create(channel, parts().world.users[user], body, files)
    return jsonify(parts().posts.render(post))


@routes.get("/commands")
def commands() -> Response:
    """What the picker offers."""
    user = request.args["user"]
    return jsonify(parts().catalogue.available(_visible(request.args["channel"], user), user))


@routes.post("/uploads")
def upload() -> Response:
    """A file for an option or a form; later sent by its id."""
    kept = parts().files.keep(_files()[0], request.form["channel"])
    return jsonify(parts().files.attachment(kept, ephemeral=True))


@routes.post("/interactions")
def interactions() -> Response:
    """Something a person did; answers with what their client is to show."""
    return jsonify(parts().desk.do(request.get_json()))


@routes.post("/dismiss")
def dismiss() -> tuple[str, int]:
    """Put a private message away."""
    wanted = request.get_json()
    post = parts().posts.get(wanted["message"])
    if post["only_for"] != wanted["user"]:
        raise ApiError(403, 50013)
    parts().posts.delete(post)
    return "", 204


def _visible(id: str, user: str) -> Json:
    channel = parts().world.channel(id)
    if not parts().world.can(channel, user, permissions.VIEW_CHANNEL):
        raise ApiError(403, 50001)
    return channel


def _files() -> list[Upload]:
    """The request's files; they can be read once only, so they are kept with the request."""
    found: list[Upload] | None = getattr(request, "playground_files", None)
    if found is None:
        given = [f for name in request.files for f in request.files.getlist(name)]
        found = [
            Upload(i, f.filename or "unknown", f.mimetype, f.read()) for i, f in enumerate(given)
        ]
        if any(len(upload.body) > LARGEST for upload in found):
            raise ApiError(413, 40005)
        request.playground_files = found  # type: ignore[attr-defined]
    return found
