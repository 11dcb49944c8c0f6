"""What the page (and `Person`) asks of the stand-in: people's deeds, news, the developer panel."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, send_from_directory

from playground.discord import permissions
from playground.discord.errors import ApiError
from playground.discord.files import LARGEST, Upload
from playground.discord.rest.asking import parts
from playground.discord.rules.messages import check_message
from playground.hop import hop

Json = dict[str, Any]
page = Blueprint("page", __name__)
STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; object-src 'none'"
)
LONGEST_WAIT_S = 30.0


@page.before_app_request
def _only_from_here() -> tuple[str, int] | None:
    """Other pages in the same browser may neither read nor write here (also not by rebinding)."""
    origin = request.headers.get("Origin", "")
    here = f"{request.scheme}://{request.host}"
    local = request.host.partition(":")[0] in ("127.0.0.1", "localhost")
    return None if local and origin in ("", here) else ("not from this page", 403)


@page.errorhandler(ApiError)
def _refused(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.body()), error.status


@page.get("/")
def index() -> Response:
    """The page."""
    found = send_from_directory(STATIC, "index.html")
    found.headers["Content-Security-Policy"] = POLICY
    found.headers["Cache-Control"] = "no-store"
    return found


@page.get("/static/<path:path>")
def static(path: str) -> Response:
    """Its scripts and styles."""
    found = send_from_directory(STATIC, path)
    found.headers["Cache-Control"] = "no-cache"
    return found


@page.get("/playground/world")
def world() -> Response:
    """Who and what there is, as one person sees it."""
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
            "event": parts().hub.last,
        }
    )


def _guild(guild: Json, user: str) -> Json:
    place = parts().world
    mine = [c for c in place.channels.values() if c.get("guild_id") == guild["id"]]
    seen = [c for c in mine if place.can(c, user, permissions.VIEW_CHANNEL)]
    shown = [
        {
            **{name: channel[name] for name in ("id", "name", "topic", "position")},
            "writable": place.can(channel, user, permissions.SEND_MESSAGES),
        }
        for channel in sorted(seen, key=lambda channel: int(channel["position"]))
    ]
    admins = [id for id, roles in guild["members"].items() if roles]
    about = {name: guild[name] for name in ("id", "name", "preferred_locale")}
    return {**about, "members": list(guild["members"]), "admins": admins, "channels": shown}


@page.get("/playground/channels/<id>/messages")
def messages(id: str) -> Response:
    """A channel's messages, oldest first, and the number of the last event before them."""
    user = request.args["user"]
    channel = _visible(id, user)
    last = parts().hub.last
    found = [parts().posts.render(post) for post in parts().posts.seen_by(channel, user)]
    return jsonify({"messages": found, "event": last})


@page.post("/playground/channels/<id>/messages")
def say(id: str) -> Response:
    """Write as a person: form fields `user`, `content` and files."""
    user, content = request.form["user"], request.form.get("content", "")
    channel = _visible(id, user)
    if not parts().world.can(channel, user, permissions.SEND_MESSAGES):
        raise ApiError(403, 50013)
    body = {"content": content}
    check_message(body, _files())
    post = parts().posts.create(channel, parts().world.users[user], body, _files())
    return jsonify(parts().posts.render(post))


@page.get("/playground/commands")
def commands() -> Response:
    """What the picker offers."""
    user = request.args["user"]
    return jsonify(parts().catalogue.available(_visible(request.args["channel"], user), user))


@page.post("/playground/uploads")
def upload() -> Response:
    """A file for an option or a form; later sent by its id."""
    kept = parts().files.keep(_files()[0], request.form["channel"])
    return jsonify(parts().files.attachment(kept, ephemeral=True))


@page.post("/playground/interactions")
def interactions() -> Response:
    """Something a person did; answers with what their client is to show."""
    return jsonify(parts().desk.do(request.get_json()))


@page.post("/playground/dismiss")
def dismiss() -> tuple[str, int]:
    """Put a private message away."""
    wanted = request.get_json()
    post = parts().posts.get(wanted["message"])
    if post["only_for"] != wanted["user"]:
        raise ApiError(403, 50013)
    parts().posts.delete(post)
    return "", 204


@page.get("/playground/events")
def events() -> Response:
    """News without end (server-sent events)."""
    user = request.args["user"]
    after = int(request.headers.get("Last-Event-ID") or request.args.get("after") or "0")
    answer = Response(_stream(after, user), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stream(after: int, user: str) -> Iterator[str]:
    yield ": here\n\n"
    for event in parts().hub.stream(after, user):
        if event is None:
            yield ": quiet\n\n"
        else:
            data = json.dumps({"kind": event.kind, "data": event.data})
            yield f"id: {event.number}\ndata: {data}\n\n"


@page.get("/playground/changes")
def changes() -> Response:
    """The same news for those who ask again and again: waits until there are some."""
    after, user = int(request.args["after"]), request.args["user"]
    wait_s = min(float(request.args.get("wait", 0)), LONGEST_WAIT_S)
    found = parts().hub.after(after, user, wait_s)
    shown = [{"number": e.number, "kind": e.kind, "data": e.data} for e in found]
    return jsonify(shown)


@page.get("/playground/exchanges")
def exchanges() -> Response:
    """Interactions with requests, answers and calls; and the calls that belong to none."""
    found = {"exchanges": parts().journal.exchanges(), "calls": parts().journal.loose()}
    return jsonify(found)


@page.get("/playground/exchanges/<id>/hop")
def queue_hop(id: str) -> Response:
    """The interaction's way through the bot's queue; null where it took none."""
    return jsonify(hop(current_app.extensions["queue"], id))


@page.get("/playground/violations")
def violations() -> Response:
    """What Discord's API description forbids, or what was refused."""
    return jsonify(parts().journal.violations())


@page.delete("/playground/violations")
def forgive() -> tuple[str, int]:
    """Forget them."""
    parts().journal.forgive()
    return "", 204


@page.get("/playground/faults")
def faults() -> Response:
    """Faults that still wait for their calls."""
    return jsonify(parts().faults.waiting())


@page.post("/playground/faults")
def plan_fault() -> tuple[Response, int]:
    """Plan one: see `playground.discord.faults.Plan.add`."""
    try:
        parts().faults.add(request.get_json())
    except ValueError as error:
        return jsonify({"message": str(error)}), 400
    return jsonify(parts().faults.waiting()), 201


@page.delete("/playground/faults")
def clear_faults() -> tuple[str, int]:
    """Plan none."""
    parts().faults.clear()
    return "", 204


@page.post("/playground/clock")
def clock() -> tuple[str, int]:
    """`back_s`: interactions to come were made so long ago; `lifetime_s` of their tokens;
    `limit_s`: how long an answer is waited for; `expire`: an interaction whose token runs out."""
    wanted = request.get_json()
    sessions, postman = parts().sessions, parts().postman
    sessions.back_s = float(wanted.get("back_s", sessions.back_s))
    sessions.lifetime_s = float(wanted.get("lifetime_s", sessions.lifetime_s))
    postman.limit_s = float(wanted.get("limit_s", postman.limit_s))
    if "expire" in wanted:
        sessions.expire(wanted["expire"])
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
