"""What befalls a bot's gateway, arranged over HTTP: for the panel, and for tests from outside."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from playground.voice.gateway import Gateway
from playground.voice.server import VoiceSide

routes = Blueprint("bad_days", __name__, url_prefix="/playground")
Json = dict[str, Any]
DEEDS: dict[str, Callable[[Gateway, Json], object]] = {
    "drop": lambda gateway, wish: gateway.drop(),
    "reconnect": lambda gateway, wish: gateway.reconnect(),
    "invalidate": lambda gateway, wish: gateway.invalidate(bool(wish.get("resumable"))),
    "shut": lambda gateway, wish: gateway.shut(int(wish["code"])),
    "kick": lambda gateway, wish: gateway.kick(wish["user"], wish.get("guild", "")),
    "move": lambda gateway, wish: gateway.move(wish["user"], wish["channel"]),
    "delete_channel": lambda gateway, wish: gateway.delete_channel(wish["channel"]),
    "remove_from": lambda gateway, wish: gateway.remove_from(wish["guild"]),
}


@routes.post("/gateway")
def arrange() -> Response | tuple[Response, int]:
    """`deed`: one of the gateway's faults; `resumable`, `code`, `user`, `channel`, `guild`."""
    voice: VoiceSide | None = current_app.extensions["voice"]
    wish = request.get_json()
    if voice is None or wish.get("deed") not in DEEDS:
        return jsonify({"message": f"deed must be one of {', '.join(DEEDS)}"}), 400
    try:
        DEEDS[wish["deed"]](voice.gateway, wish)
    except KeyError as error:
        return jsonify({"message": f"missing or unknown: {error}"}), 400
    return jsonify(voice.gateway.desk.counts)
