"""The page itself: its files, and who may load them."""

from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from playground.page import voices

routes = Blueprint("site", __name__)
STATIC = Path(__file__).parents[1] / "static"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; object-src 'none'; connect-src 'self'"
)
"""What the page may load; the address of the voice websocket comes behind it."""


@routes.before_app_request
def _only_from_here() -> tuple[str, int] | None:
    """Other pages in the same browser may neither read nor write here (also not by rebinding)."""
    origin = request.headers.get("Origin", "")
    here = f"{request.scheme}://{request.host}"
    local = request.host.partition(":")[0] in ("127.0.0.1", "localhost")
    return None if local and origin in ("", here) else ("not from this page", 403)


@routes.get("/")
def index() -> Response:
    """The page."""
    found = send_from_directory(STATIC, "index.html")
    found.headers["Content-Security-Policy"] = f"{POLICY} {_voice()}".rstrip()
    found.headers["Cache-Control"] = "no-store"
    return found


def _voice() -> str:
    scheme, _, rest = voices.socket().partition("//")
    return f"{scheme}//{rest.partition('/')[0]}" if rest else ""


@routes.get("/static/<path:path>")
def static(path: str) -> Response:
    """Its scripts and styles."""
    found = send_from_directory(STATIC, path)
    found.headers["Cache-Control"] = "no-cache"
    return found
