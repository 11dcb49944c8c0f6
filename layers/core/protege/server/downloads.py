"""Files for whoever holds a link to them, on one machine; on AWS the links lead to S3."""

from collections.abc import Iterable
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from protege.app import App
from protege.errors import Missing
from protege.storage.naming import attachment

FILES = "/files/"
Answer = tuple[int, list[tuple[str, str]], Iterable[bytes]]
"""Status, headers, body."""


def download(app: App, environ: WSGIEnvironment) -> Answer:
    """The file, streamed as an attachment: 403 where the link is forged or expired, 404."""
    found = parse_qs(environ["QUERY_STRING"])
    name, until, sig = (found.get(field, [""])[0] for field in ("name", "until", "sig"))
    # WSGI hands over bytes as Latin-1; what is no UTF-8 was never signed.
    key = environ["PATH_INFO"].removeprefix(FILES).encode("latin-1").decode(errors="replace")
    if not app.links.good(key, name, until, sig):
        return _plain(403, "This link has expired.")
    try:
        size = app.files.stat(key).size
    except Missing:
        return _plain(404, "This file is gone.")
    headers = [
        ("Content-Type", "application/octet-stream"),
        ("Content-Length", str(size)),
        ("Content-Disposition", attachment(name)),
        ("Cache-Control", "private, no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return 200, headers, app.files.stream(key)


def _plain(status: int, said: str) -> Answer:
    body = f"{said}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    return status, headers, [body]
