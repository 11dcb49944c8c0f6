"""The stand-in as a server on 127.0.0.1: give its address to boto3 as `endpoint_url`."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.serving import make_server

from playground.bedrock.customisation import Customisation
from playground.bedrock.deployments import Deployments
from playground.bedrock.desk import KINDS, Desk
from playground.bedrock.errors import AwsError
from playground.bedrock.sources import Source
from playground.bedrock.store import Store
from playground.bedrock.talking import Talking
from playground.bedrock.training import Trainer
from playground.openai.faults import Faults
from playground.openai.journal import Journal
from playground.openai.learner.embedding import shared
from playground.openai.server import HOST, MOST_BODY, POLL_S, Quiet

METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")


class BedrockServer:
    """A running stand-in; use as a context manager. `port` 0 takes any free one.

    `source`: reads training files (`sources.of_folder`, `sources.of_s3`); `seconds`: how long the
    steps of a training take at least; `deploying_s`: how long a deployment is being made.
    """

    def __init__(
        self,
        folder: Path,
        source: Source,
        port: int = 0,
        *,
        seconds: float = 0.0,
        deploying_s: float = 0.0,
    ) -> None:
        self.faults, self.journal = Faults(KINDS), Journal()
        store = Store(folder)
        self._trainer = Trainer(store, source, shared(), self.faults.over, seconds)
        self.deployments = deployments = Deployments(store, deploying_s)
        customisation = Customisation(store, self._trainer)
        talking = Talking(store, deployments, shared())
        operations = {**customisation.operations, **deployments.operations}
        desk = Desk(operations, talking, self.faults, self.journal)
        with socket.create_server((HOST, port)) as listening:
            self.port: int = listening.getsockname()[1]
            self._server = make_server(
                HOST,
                self.port,
                application(desk.answer),
                threaded=True,
                fd=listening.fileno(),
                request_handler=Quiet,
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )

    @property
    def address(self) -> str:
        """What boto3 takes as `endpoint_url`, for `bedrock` and for `bedrock-runtime`."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> "BedrockServer":
        self._trainer.start()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.faults.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._trainer.stop()


def application(answer: Callable[[], Response]) -> Flask:
    """The WSGI application: every address goes to one desk."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.url_map.merge_slashes = False

    def asked(path: str) -> Response:
        return answer()

    app.add_url_rule("/<path:path>", view_func=asked, methods=METHODS)
    app.register_error_handler(AwsError, _refused)
    return app


def _refused(error: AwsError) -> Response:
    body = json.dumps({"message": error.message})
    response = Response(body, error.status, mimetype="application/json")
    response.headers["x-amzn-ErrorType"] = error.code
    response.headers["x-amzn-RequestId"] = request.headers.get("amz-sdk-invocation-id", "")
    return response
