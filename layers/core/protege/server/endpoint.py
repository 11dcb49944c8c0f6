"""HTTP -> protege.ingress.respond.

Plain WSGI, as there is one thing to do: a framework here costs as much as all the rest of the work.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from protege.app import App
from protege.ingress import respond
from protege.server.downloads import FILES, download
from protege.webhooks import LARGEST_BODY as LARGEST_EVENT
from protege.webhooks import hear

LARGEST_BODY = 1 << 20
"""Discord's interactions are a few kilobytes; a form with five full fields is under 100."""
GUARDS: dict[str, Any] = {
    "max_request_body_size": LARGEST_BODY + 1,
    "max_request_header_size": 16 << 10,
    "connection_limit": 500,
    "channel_timeout": 20,
    "cleanup_interval": 5,
    "ident": None,
}
"""For the server in front: larger bodies are refused by their heads, not written to disk first (a
gigabyte of each would be), and who sends nothing is hung up on after `channel_timeout` seconds.
Source: https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html
"""
STATUS = {int(status): f"{int(status)} {status.phrase}" for status in HTTPStatus}
HEALTHY = b'{"ok":true}'


def endpoint(app: App) -> WSGIApplication:
    """The WSGI application: POST /interactions for Discord, POST /webhooks/openai for
    OpenAI, GET /healthz for supervisors, GET /files/… for people who were given a link.
    """

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(FILES) and environ["REQUEST_METHOD"] == "GET":
            status, headers, chunks = download(app, environ)
            start(STATUS[status], headers)
            return chunks
        status, body = _answer(app, environ)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start(STATUS[status], about)
        return [body]

    return application


def _answer(app: App, environ: WSGIEnvironment) -> tuple[int, bytes]:
    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "POST", "/interactions":
            return _interaction(app, environ)
        case "POST", "/webhooks/openai":
            return _event(app, environ)
        case "GET", "/healthz":
            return 200, HEALTHY
        case _, ("/interactions" | "/healthz" | "/webhooks/openai"):
            return 405, b"{}"
        case _:
            return 404, b"{}"


def _event(app: App, environ: WSGIEnvironment) -> tuple[int, bytes]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_EVENT:
        return 413, b"{}"
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_WEBHOOK_")
    }
    return hear(app, environ["wsgi.input"].read(length), headers)


def _interaction(app: App, environ: WSGIEnvironment) -> tuple[int, bytes]:
    # The server has read the body: the length is there, and right, also where it came in chunks.
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        return 413, b"{}"
    return respond(
        app,
        environ["wsgi.input"].read(length),
        environ.get("HTTP_X_SIGNATURE_ED25519", ""),
        environ.get("HTTP_X_SIGNATURE_TIMESTAMP", ""),
    )
