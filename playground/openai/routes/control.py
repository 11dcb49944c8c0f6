"""What tests and the developer's panel ask for: faults and the journal."""

from flask import Blueprint, Response, jsonify, request

from playground.openai.asking import parts
from playground.openai.errors import invalid

routes = Blueprint("control", __name__, url_prefix="/control")


@routes.get("/faults")
def waiting() -> Response:
    """The faults that have not happened yet."""
    return jsonify(parts().faults.waiting())


@routes.post("/faults")
def plan() -> Response:
    """Plan a fault; the fields are those of `Faults.add`."""
    wish = request.get_json()
    try:
        parts().faults.add(wish.pop("kind", ""), **wish)
    except (ValueError, TypeError) as error:
        raise invalid(str(error), "kind") from None
    return jsonify(parts().faults.waiting())


@routes.delete("/faults")
def clear() -> Response:
    """Plan nothing any more."""
    parts().faults.clear()
    return jsonify([])


@routes.get("/journal")
def journal() -> Response:
    """The last calls, oldest first; `path` leaves out all whose path does not contain it."""
    calls = parts().journal.calls(request.args.get("path", ""))
    return jsonify([call._asdict() for call in calls])
