"""News for browsers, and what developers and tests look at or arrange."""

import json
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, request

from playground.discord.events import Hub
from playground.discord.rest.asking import parts
from playground.hop import hop

routes = Blueprint("developer", __name__, url_prefix="/playground")
LONGEST_WAIT_S = 30.0
RETRY_MS = 500
"""How soon a browser calls again when the stand-in was restarted."""


@routes.get("/events")
def events() -> Response:
    """News without end (server-sent events)."""
    user = request.args["user"]
    after = int(request.headers.get("Last-Event-ID") or request.args.get("after") or "0")
    answer = Response(_stream(parts().hub, after, user), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stream(hub: Hub, after: int, user: str) -> Iterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    for event in hub.stream(after, user):
        if event is None:
            yield ": quiet\n\n"
        else:
            data = json.dumps({"kind": event.kind, "data": event.data})
            yield f"id: {event.number}\ndata: {data}\n\n"


@routes.get("/changes")
def changes() -> Response:
    """The same news for those who ask again and again: waits until there are some."""
    after, user = int(request.args["after"]), request.args["user"]
    wait_s = min(float(request.args.get("wait", 0)), LONGEST_WAIT_S)
    found = parts().hub.after(after, user, wait_s)
    shown = [{"number": e.number, "kind": e.kind, "data": e.data} for e in found]
    return jsonify(shown)


@routes.get("/exchanges")
def exchanges() -> Response:
    """Interactions with requests, answers and calls; and the calls that belong to none."""
    found = {"exchanges": parts().journal.exchanges(), "calls": parts().journal.loose()}
    return jsonify(found)


@routes.get("/exchanges/<id>/hop")
def queue_hop(id: str) -> Response:
    """The interaction's way through the bot's queue; null where it took none."""
    return jsonify(hop(current_app.extensions["queue"], id))


@routes.get("/violations")
def violations() -> Response:
    """What Discord's API description forbids, or what was refused."""
    return jsonify(parts().journal.violations())


@routes.delete("/violations")
def forgive() -> tuple[str, int]:
    """Forget them."""
    parts().journal.forgive()
    return "", 204


@routes.get("/faults")
def faults() -> Response:
    """Faults that still wait for their calls."""
    return jsonify(parts().faults.waiting())


@routes.post("/faults")
def plan_fault() -> tuple[Response, int]:
    """Plan one: see `playground.discord.faults.Plan.add`."""
    try:
        parts().faults.add(request.get_json())
    except ValueError as error:
        return jsonify({"message": str(error)}), 400
    return jsonify(parts().faults.waiting()), 201


@routes.delete("/faults")
def clear_faults() -> tuple[str, int]:
    """Plan none."""
    parts().faults.clear()
    return "", 204


@routes.post("/clock")
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
