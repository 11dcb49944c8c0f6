"""Files for whoever holds a link to them, on one machine; on AWS the links lead to S3."""

from collections.abc import Mapping

import flask

from protege.app import App
from protege.errors import Missing
from protege.storage.naming import attachment


def download(app: App, key: str, query: Mapping[str, str]) -> flask.Response:
    """The file, streamed as an attachment: 403 where the link is forged or expired, 404."""
    name, until, sig = (query.get(field, "") for field in ("name", "until", "sig"))
    if not app.links.good(key, name, until, sig):
        return flask.Response("This link has expired.\n", 403, mimetype="text/plain")
    try:
        size = app.files.stat(key).size
    except Missing:
        return flask.Response("This file is gone.\n", 404, mimetype="text/plain")
    headers = {
        "Content-Disposition": attachment(name),
        "Content-Length": str(size),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    body = app.files.stream(key) if flask.request.method == "GET" else ()
    return flask.Response(body, 200, headers, mimetype="application/octet-stream")
