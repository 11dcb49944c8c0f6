"""Calls that the stand-in (and mostly Discord) does not know."""

from flask import Blueprint, Response

from playground.discord.errors import ApiError
from playground.discord.rest.asking import watch

routes = Blueprint("nowhere", __name__)
watch(routes)
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@routes.route("/<path:path>", methods=METHODS)
def nowhere(path: str) -> Response:
    """Raises ApiError (404)."""
    raise ApiError(404, 0)
