"""The stand-in as a server on 127.0.0.1."""

import socket
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from playground.openai import asking
from playground.openai.asking import BEDROCK
from playground.openai.faults import Faults
from playground.openai.journal import Journal
from playground.openai.parts import built
from playground.openai.routes import (
    chat,
    control,
    embeddings,
    files,
    models,
    moderations,
    realtime,
    responses,
    transcriptions,
    tuning,
    voices,
)
from playground.openai.webhooks import Webhook

HOST = "127.0.0.1"
PREFIX = "/v1"
POLL_S = 0.05
"""How soon a stop is noticed."""
PARTS = (
    *(chat, embeddings, files, models, moderations),
    *(realtime, responses, transcriptions, tuning, voices),
)
"""All that it can do."""
MOST_BODY = 512 << 20
"""OpenAI's limit of a file."""


class Quiet(WSGIRequestHandler):
    """Speaks HTTP/1.1 and writes nothing to the console."""

    protocol_version = "HTTP/1.1"
    """So that streams are chunked, and a client can tell a cut one."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Write nothing: there is the journal."""


class OpenAIServer:
    """A running stand-in; use as a context manager. `port` 0 takes any free one.

    `key`: the only one that is accepted (empty: any); `seconds`: how long the steps of a training
    take at least; `processing_s`: how long a file is processed.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        key: str = "",
        webhook: Webhook | None = None,
        seconds: float = 0.0,
        processing_s: float = 0.0,
    ) -> None:
        with socket.create_server((HOST, port)) as listening:
            self.port: int = listening.getsockname()[1]
            self.parts = built(folder, key, webhook, seconds, processing_s)
            self._server = make_server(
                HOST,
                self.port,
                application(self.parts),
                threaded=True,
                fd=listening.fileno(),
                request_handler=Quiet,
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """What the SDK takes for OpenAI."""
        return f"{self.address}{PREFIX}"

    @property
    def bedrock_url(self) -> str:
        """What the SDK's `openai.providers.bedrock` takes as `base_url`."""
        return f"{self.address}{BEDROCK}"

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.parts.faults

    @property
    def journal(self) -> Journal:
        """What was asked."""
        return self.parts.journal

    def __enter__(self) -> "OpenAIServer":
        self.parts.runner.start()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.parts.faults.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.parts.runner.stop()


def application(parts: Any) -> Flask:
    """The WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["openai"] = parts
    asking.install(app)
    for part in PARTS:
        app.register_blueprint(part.routes, url_prefix=PREFIX + (part.routes.url_prefix or ""))
    for part in (chat, models, responses):
        app.register_blueprint(part.routes, url_prefix=BEDROCK, name=f"bedrock-{part.routes.name}")
    app.register_blueprint(control.routes)
    return app
