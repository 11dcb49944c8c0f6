"""`/realtime`: the websocket."""

import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response, request, stream_with_context
from websockets.exceptions import ConnectionClosed

from playground.openai.asking import about, cut_after, parts
from playground.openai.errors import invalid
from playground.openai.journal import Call
from playground.openai.models import known
from playground.openai.realtime.session import Session
from playground.openai.realtime.socket import accepted

routes = Blueprint("realtime", __name__)
SWITCHED = 101


@routes.get("/realtime", websocket=True)
def connect() -> Response:
    """A session, until one side hangs up."""
    if not request.args.get("model"):
        raise invalid("Missing required parameter: 'model'.", "model", "missing_required_parameter")
    model = known(request.args["model"], "realtime", parts().workshop.shelf)
    about(model)
    return Response(stream_with_context(_session(model)))


def _session(model: str) -> Iterator[bytes]:
    """Nothing is answered on what was turned into a websocket: so the answer breaks off, empty."""
    path, journal = request.path, parts().journal

    def billed(given: int, made: int) -> None:
        journal.note(Call(time.time(), "GET", path, SWITCHED, model, given, made, ""))

    with suppress(ConnectionClosed), accepted(request) as line:
        Session(line, model, billed, cut_after()).run()
    raise ConnectionResetError
    yield b""
