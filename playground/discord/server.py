"""The stand-in as a server on 127.0.0.1: Discord's API, the attachments, the page."""

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from playground.discord.errors import ApiError
from playground.discord.parts import Parts
from playground.discord.rest import applications, channels, guilds, nowhere, webhooks
from playground.discord.rest.asking import PREFIX
from playground.discord.rest.asking import parts as parts_of_request
from playground.discord.validation import description
from playground.page import bad_days, developer, people, site, voices
from playground.voice.browser import Bridge, open_to_browsers
from playground.voice.server import VoiceSide

HOST = "127.0.0.1"
INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")
POLL_S = 0.05
"""How soon a stop is noticed."""
MOST_BODY = 64 << 20


class _Quiet(WSGIRequestHandler):
    """Requests are shown in the panel, not on the console."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Write nothing."""


class Server:
    """A running stand-in. `port` 0 takes any free one; `voice`: with gateway and voice server."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        openapi: Path | None = None,
        queue: Path | None = None,
        voice: bool = False,
    ) -> None:
        with socket.create_server((HOST, port)) as listening:
            self.port: int = listening.getsockname()[1]
            self.host = f"{HOST}:{self.port}"
            self.parts = Parts.build(folder, self.host, openapi or description())
            self._voice = _voice_side(folder, self.parts) if voice else None
            wsgi = application(self.parts, queue)
            wsgi.extensions["voice"] = self._voice
            self._extensions = wsgi.extensions
            self._server = make_server(
                HOST, self.port, wsgi, threaded=True, fd=listening.fileno(), request_handler=_Quiet
            )
        self.browsers: Bridge
        """Where browsers speak and hear; only with `voice`."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{self.host}"

    @property
    def api(self) -> str:
        """What a bot takes for Discord."""
        return f"{self.address}{PREFIX}"

    @property
    def has_voice(self) -> bool:
        """Whether it was started with gateway and voice server."""
        return self._voice is not None

    @property
    def voice(self) -> VoiceSide:
        """Gateway and voice server. Raises LookupError for a stand-in without them."""
        if self._voice is None:
            raise LookupError("this stand-in was started without voice")
        return self._voice

    def __enter__(self) -> "Server":
        if self._voice is not None:
            self._voice.start()
            found = open_to_browsers(self._voice, self.parts, self.port)
            self.browsers, self._extensions[voices.SOCKET] = found
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._voice is not None:
            self._voice.do(self.browsers.close())
            self._voice.stop()
        self.parts.faults.over.set()
        self.parts.hub.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.parts.close()


def _voice_side(folder: Path, parts: Parts) -> VoiceSide:
    return VoiceSide(folder, parts.world, parts.hub, parts.states, parts.journal)


def application(parts: Parts, queue: Path | None) -> Flask:
    """The WSGI application. `queue`: the file of the bot's queue, for the panel."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["discord"] = parts
    app.extensions["queue"] = queue
    known = applications, guilds, webhooks, channels, nowhere
    for routes in (part.routes for part in known):
        app.register_blueprint(routes, url_prefix=PREFIX)
    for shown in (site.routes, people.routes, developer.routes, bad_days.routes):
        app.register_blueprint(shown)
    app.register_error_handler(ApiError, _refused)
    app.add_url_rule("/attachments/<path:path>", view_func=_attachment)
    return app


def _refused(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.body()), error.status


def _attachment(path: str) -> Response:
    """A file; shown in the page only where it can do no harm there."""
    parts = parts_of_request()
    given = [request.args.get(name, "") for name in ("ex", "is", "hm")]
    found = parts.files.read(path, *given)
    if found is None:
        return Response("This content is no longer available.", 404, mimetype="text/plain")
    body, type = found
    answer = Response(body, content_type=type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if type not in INLINE:
        answer.headers["Content-Disposition"] = "attachment"
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=len(body))
    return answer
