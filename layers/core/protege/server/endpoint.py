"""HTTP -> protege.ingress.respond."""

import flask

from protege.app import App
from protege.ingress import respond
from protege.server.downloads import download

LARGEST_BODY = 1 << 20
"""Discord's interactions are a few kilobytes; a form with five full fields is under 100."""


def endpoint(app: App) -> flask.Flask:
    """The WSGI application: POST /interactions for Discord, GET /healthz for supervisors, GET
    /files/… for people who were given a link.
    """
    web = flask.Flask("protege", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @web.post("/interactions")
    def interactions() -> flask.Response:
        headers = flask.request.headers
        response = respond(
            app,
            flask.request.get_data(cache=False),
            headers.get("X-Signature-Ed25519", ""),
            headers.get("X-Signature-Timestamp", ""),
        )
        return flask.Response(response.body, response.status, mimetype="application/json")

    @web.get("/healthz")
    def healthz() -> dict[str, bool]:
        return {"ok": True}

    @web.get("/files/<path:key>")
    def file(key: str) -> flask.Response:
        return download(app, key, flask.request.args)

    return web
