"""Messages that the bot sends by itself.

Source: https://docs.discord.com/developers/resources/message
"""

import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from playground.discord import permissions, shapes
from playground.discord.errors import ApiError
from playground.discord.posts import EPHEMERAL
from playground.discord.rest.asking import fields, need_bot, parts, uploads, watch
from playground.discord.rules.messages import check_message

routes = Blueprint("channels", __name__)
watch(routes)
MOST_LISTED = 100


@routes.post("/users/@me/channels")
def private_chat() -> Response:
    """Open the private chat with a person."""
    need_bot()
    channel = parts().world.private_chat(str(fields().get("recipient_id")))
    return jsonify(shapes.private_chat(parts().world, channel))


@routes.get("/channels/<channel>")
def channel(channel: str) -> Response:
    """One channel, of a guild or private."""
    place = _open(channel, permissions.VIEW_CHANNEL)
    private = "recipient_ids" in place
    return jsonify(shapes.private_chat(parts().world, place) if private else place)


@routes.post("/channels/<channel>/typing")
def typing(channel: str) -> tuple[str, int]:
    """Show for ten seconds that the bot is writing."""
    place = _open(channel, permissions.SEND_MESSAGES)
    about = {"channel_id": place["id"], "user_id": parts().world.bot["id"]}
    guild = {"guild_id": place["guild_id"]} if "guild_id" in place else {}
    now = {"timestamp": int(time.time())}
    parts().hub.push("typing", about | guild | now, parts().world.viewers(place))
    return "", 204


@routes.get("/channels/<channel>/messages")
def messages(channel: str) -> Response:
    """The latest messages, newest first."""
    place = _open(channel, permissions.READ_MESSAGE_HISTORY)
    most = min(int(request.args.get("limit", 50)), MOST_LISTED)
    found = parts().posts.seen_by(place, "")[::-1][:most]
    return jsonify([parts().posts.render(post) for post in found])


@routes.get("/channels/<channel>/messages/<id>")
def message(channel: str, id: str) -> Response:
    """One message."""
    _open(channel, permissions.READ_MESSAGE_HISTORY)
    return jsonify(parts().posts.render(_public(channel, id)))


@routes.post("/channels/<channel>/messages")
def send(channel: str) -> Response:
    """Post a message; with `enforce_nonce` the same nonce gives the first message again."""
    place = _open(channel, permissions.SEND_MESSAGES)
    wanted, posts, bot = fields(), parts().posts, parts().world.bot
    check_message(wanted, uploads())
    nonce = str(wanted.get("nonce") or "")
    before = posts.once(place, bot, nonce) if nonce and wanted.get("enforce_nonce") else None
    if before is not None:
        return jsonify(posts.render(before))
    more = {"nonce": nonce} if nonce else {}
    plain = {**wanted, "flags": int(wanted.get("flags") or 0) & ~EPHEMERAL}
    application = parts().world.application["id"]
    post = posts.create(place, bot, plain, uploads(), application_id=application, **more)
    posts.remember(post, nonce)
    return jsonify(posts.render(post))


@routes.patch("/channels/<channel>/messages/<id>")
def edit(channel: str, id: str) -> Response:
    """Change one of the bot's own messages."""
    _open(channel, permissions.VIEW_CHANNEL)
    post = _public(channel, id)
    if post["message"]["author"]["id"] != parts().world.bot["id"]:
        raise ApiError(403, 50005)
    check_message(fields(), uploads(), editing=True)
    return jsonify(parts().posts.render(parts().posts.edit(post, fields(), uploads())))


@routes.delete("/channels/<channel>/messages/<id>")
def delete(channel: str, id: str) -> tuple[str, int]:
    """Delete an own message; somebody else's needs a permission."""
    place = _open(channel, permissions.VIEW_CHANNEL)
    post = _public(channel, id)
    bot = parts().world.bot["id"]
    own = post["message"]["author"]["id"] == bot
    if not own and not parts().world.can(place, bot, permissions.MANAGE_MESSAGES):
        raise ApiError(403, 50013)
    parts().posts.delete(post)
    return "", 204


def _open(id: str, needed: int) -> dict[str, Any]:
    """A channel in which the bot may do this. Raises ApiError: 10003, 50001, 50013."""
    need_bot()
    world = parts().world
    channel = world.channel(id)
    if not world.can(channel, world.bot["id"], permissions.VIEW_CHANNEL):
        raise ApiError(403, 50001)
    if not world.can(channel, world.bot["id"], needed):
        raise ApiError(403, 50013)
    return channel


def _public(channel: str, id: str) -> dict[str, Any]:
    """A message that the channel's own routes know: not the private answers in it."""
    post = parts().posts.get(id)
    if post["only_for"] or post["message"]["channel_id"] != channel:
        raise ApiError(404, 10008)
    return post
