"""Answering an interaction: the callback, `@original` and follow-ups.

Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from playground.discord.errors import ApiError
from playground.discord.rest.asking import fields, parts, uploads, watch
from playground.discord.rules.messages import check_message
from playground.discord.sessions import Session

routes = Blueprint("webhooks", __name__)
watch(routes)
ORIGINAL = "@original"
NOTHING = ("", 204)


@routes.post("/interactions/<id>/<token>/callback")
def callback(id: str, token: str) -> Response | tuple[str, int]:
    """The first answer, given by a call instead of in the response."""
    session = parts().sessions.get(id)
    if session.token != token:
        raise ApiError(404, 10062)
    found = parts().answers.give(id, fields(), uploads())
    if request.args.get("with_response") != "true":
        return NOTHING
    resource: dict[str, Any] = {"type": fields()["type"]}
    if "message" in found:
        resource["message"] = found["message"]
    about = {"id": id, "type": session.kind, "response_message_id": None}
    return jsonify({"interaction": about, "resource": resource})


@routes.post("/webhooks/<application>/<token>")
def follow_up(application: str, token: str) -> Response:
    """A further message."""
    session = parts().sessions.by_token(application, token)
    check_message(fields(), uploads())
    post = parts().answers.follow_up(session, fields(), uploads())
    return jsonify(parts().posts.render(post))


@routes.get("/webhooks/<application>/<token>/messages/<id>")
def read(application: str, token: str, id: str) -> Response:
    """One of the interaction's messages."""
    session = parts().sessions.by_token(application, token)
    return jsonify(parts().posts.render(_mine(session, id)))


@routes.patch("/webhooks/<application>/<token>/messages/<id>")
def edit(application: str, token: str, id: str) -> Response:
    """Fill in a "thinking" message or change one."""
    session = parts().sessions.by_token(application, token)
    post = _mine(session, id)
    check_message(fields(), uploads(), editing=True)
    return jsonify(parts().posts.render(parts().posts.edit(post, fields(), uploads())))


@routes.delete("/webhooks/<application>/<token>/messages/<id>")
def delete(application: str, token: str, id: str) -> tuple[str, int]:
    """Take a message back."""
    session = parts().sessions.by_token(application, token)
    parts().posts.delete(_mine(session, id))
    return NOTHING


def _mine(session: Session, id: str) -> dict[str, Any]:
    """A message of this interaction, or the one it was about. Raises ApiError (10008)."""
    wanted = session.original if id == ORIGINAL else id
    post = parts().posts.get(wanted)
    made_by = post["message"].get("interaction_metadata", {}).get("id")
    if session.id != made_by and wanted not in (session.original, session.message):
        raise ApiError(404, 10008)
    return post
