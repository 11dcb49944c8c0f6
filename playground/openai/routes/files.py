"""`/files`. Source: https://platform.openai.com/docs/api-reference/files."""

from flask import Blueprint, Response, jsonify, request

from playground.openai import checks
from playground.openai.asking import parts
from playground.openai.errors import ApiError, absent, invalid
from playground.openai.store import Json

routes = Blueprint("files", __name__)
PURPOSES = ("fine-tune", "assistants", "batch", "user_data", "vision", "evals")
FORM = {"purpose", "expires_after[anchor]", "expires_after[seconds]"}


@routes.post("/files")
def upload() -> tuple[Response, int]:
    """Keep a file that came as a form."""
    for name in request.form:
        if name not in FORM:
            raise invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    purpose, file = request.form.get("purpose", ""), request.files.get("file")
    if purpose not in PURPOSES:
        raise invalid(f"'{purpose}' is not one of {list(PURPOSES)} - 'purpose'", "purpose")
    if file is None:
        raise invalid("'file' is a required property", "file")
    content = file.read()
    name = file.filename or "upload"
    if not content:
        raise invalid(f"File {name} is empty.", "file", "empty_file")
    if purpose == "fine-tune" and not name.endswith(".jsonl"):
        raise invalid("Invalid file format for Fine-Tuning API. Must be .jsonl", "file")
    return jsonify(parts().files.add(name, purpose, content)), 200


@routes.get("/files")
def listed() -> Response:
    """A page of all files, newest first unless `order` is `asc`."""
    purpose, order = request.args.get("purpose"), request.args.get("order", "desc")
    checks.one_of(order, ("asc", "desc"), "order")
    found = [file for file in parts().files.all() if purpose in (None, file["purpose"])]
    found = found[::-1] if order == "asc" else found
    return jsonify(checks.page(found, 10_000, 10_000))


@routes.get("/files/<id>")
def one(id: str) -> Response:
    """What is known of a file."""
    return jsonify(_found(id))


@routes.get("/files/<id>/content")
def content(id: str) -> Response:
    """A file's bytes."""
    _found(id)
    return Response(parts().files.content(id), mimetype="application/octet-stream")


@routes.delete("/files/<id>")
def remove(id: str) -> Response:
    """Remove a file."""
    if not parts().files.drop(id):
        raise _no_file(id)
    return jsonify({"id": id, "object": "file", "deleted": True})


def _found(id: str) -> Json:
    file = parts().files.get(id)
    if file is None:
        raise _no_file(id)
    return file


def _no_file(id: str) -> ApiError:
    return absent(f"No such File object: {id}")
