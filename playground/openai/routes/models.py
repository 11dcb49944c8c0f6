"""`/models`."""

from flask import Blueprint, Response, jsonify

from playground.openai.asking import parts
from playground.openai.errors import ApiError, no_model
from playground.openai.models import MODELS, base, shown

routes = Blueprint("models", __name__)


@routes.get("/models")
def listed() -> Response:
    """All models, the tuned ones first."""
    own = [shown(id) for id in MODELS]
    return jsonify({"object": "list", "data": [*parts().workshop.listed(), *own]})


@routes.get("/models/<id>")
def one(id: str) -> Response:
    """One model."""
    tuned = parts().workshop.look(id)
    if tuned is None and (id.startswith("ft:") or base(id) not in MODELS):
        raise no_model(id)
    return jsonify(tuned or shown(id))


@routes.delete("/models/<id>")
def remove(id: str) -> Response:
    """Remove a tuned model; the provider's own cannot be."""
    if not id.startswith("ft:"):
        raise ApiError(403, "You have insufficient permissions for this operation.")
    if not parts().workshop.drop(id):
        raise no_model(id)
    return jsonify({"id": id, "object": "model", "deleted": True})
