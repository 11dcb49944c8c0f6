"""`/fine_tuning/jobs`. Source: https://platform.openai.com/docs/api-reference/fine-tuning."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from playground.openai import checks
from playground.openai.asking import about, parts
from playground.openai.errors import absent, invalid
from playground.openai.models import MODELS, base
from playground.openai.store import Json

routes = Blueprint("tuning", __name__, url_prefix="/fine_tuning/jobs")
FIELDS: checks.Kinds = {
    "model": (str,),
    "training_file": (str,),
    "validation_file": (str,),
    "method": (dict,),
    "hyperparameters": (dict,),
    "suffix": (str,),
    "seed": (int,),
    "metadata": (dict,),
    "integrations": (list,),
}
METHODS = ("supervised", "dpo")
METHOD: checks.Kinds = {"type": (str,), "supervised": (dict,), "dpo": (dict,)}
HYPERPARAMETERS: checks.Kinds = {
    "n_epochs": (int, str),
    "batch_size": (int, str),
    "learning_rate_multiplier": (float, str),
}
BETA: checks.Kinds = {"beta": (float, str)}
BOUNDS = {
    "n_epochs": (1, 50),
    "batch_size": (1, 256),
    "learning_rate_multiplier": (0.0001, 10),
    "beta": (0.0001, 2),
}
SUFFIX = 64
PAIRS, NAME, VALUE = 16, 64, 512
"""Limits of metadata."""


@routes.post("")
def create() -> Response:
    """Begin a job."""
    wish = checks.body(FIELDS, ("model", "training_file"))
    wish["model"] = _tunable(wish["model"])
    about(wish["model"])
    _method(wish)
    for name in ("training_file", "validation_file"):
        _file(wish.get(name), name)
    _metadata(wish.get("metadata") or {})
    if len(wish.get("suffix") or "") > SUFFIX:
        raise invalid(f"Suffix must be at most {SUFFIX} characters.", "suffix")
    job = parts().jobs.add(wish)
    parts().runner.submit(job["id"])
    return jsonify(job)


@routes.get("")
def listed() -> Response:
    """A page of all jobs, newest first; `metadata[name]=value` leaves out the others."""
    wished = {name: value for name, value in request.args.items() if name.startswith("metadata[")}
    found = [job for job in parts().jobs.all() if _fits(job, wished)]
    return jsonify(checks.page(found, 20))


@routes.get("/<id>")
def one(id: str) -> Response:
    """A job."""
    return jsonify(_found(id))


@routes.post("/<id>/cancel")
def cancel(id: str) -> Response:
    """End a job that has not ended."""
    job = _found(id)
    if not parts().runner.cancel(id):
        state = parts().jobs.change(id)["status"]
        raise invalid(f"Job has already {_ended(state)}.", None, "invalid_job_state")
    about(job["model"])
    return jsonify(_found(id))


@routes.post("/<id>/<any(pause, resume):what>")
def pause(id: str, what: str) -> Response:
    """Only reinforcement jobs can rest, and there are none here."""
    _found(id)
    raise invalid(f"Cannot {what} job {id}: only reinforcement fine-tuning jobs can {what}.")


@routes.get("/<id>/events")
def events(id: str) -> Response:
    """A page of what happened, newest first."""
    _found(id)
    return jsonify(checks.page(parts().jobs.events(id), 20))


@routes.get("/<id>/checkpoints")
def checkpoints(id: str) -> Response:
    """A page of checkpoints, newest first."""
    _found(id)
    return jsonify(checks.page(parts().jobs.checkpoints(id), 10))


def _found(id: str) -> Json:
    job = parts().jobs.get(id)
    if job is None:
        message = f"Could not find fine tune: {id}"
        raise absent(message, "fine_tune_id", "fine_tune_not_found")
    return job


def _tunable(model: str) -> str:
    there = parts().workshop.look(model) is not None
    plain = base(model)
    if (model.startswith("ft:") and not there) or plain not in MODELS or not MODELS[plain].tunable:
        message = f"Model {model} is not available for fine-tuning or does not exist."
        raise invalid(message, None, "model_not_available")
    return model if there else plain


def _file(id: str | None, param: str) -> None:
    if id is None:
        return
    file = parts().files.get(id)
    if file is None:
        raise invalid(f"invalid {param}: {id}", param, "file_not_found")
    if file["purpose"] != "fine-tune":
        message = f"File '{id}' has purpose '{file['purpose']}', expected 'fine-tune'."
        raise invalid(message, param, "invalid_file_purpose")


def _method(wish: Json) -> None:
    method = wish.get("method") or {"type": "supervised"}
    checks.fields(method, METHOD, ("type",), "method.")
    checks.one_of(method["type"], METHODS, "method.type")
    kind = method["type"]
    if stray := [name for name in METHODS if name != kind and method.get(name)]:
        message = f"'method.{stray[0]}' does not go with method type '{kind}'."
        raise invalid(message, f"method.{stray[0]}")
    inner = method.get(kind) or {}
    checks.fields(inner, {"hyperparameters": (dict,)}, (), f"method.{kind}.")
    given = inner.get("hyperparameters") or {}
    _numbers(given, kind, f"method.{kind}.hyperparameters.")
    _numbers(wish.get("hyperparameters") or {}, "supervised", "hyperparameters.")


def _numbers(given: Json, kind: str, at: str) -> None:
    checks.fields(given, {**HYPERPARAMETERS, **(BETA if kind == "dpo" else {})}, (), at)
    for name, value in given.items():
        if isinstance(value, str):
            checks.one_of(value, ("auto",), at + name)
        else:
            checks.between(value, *BOUNDS[name], at + name)


def _metadata(given: dict[str, Any]) -> None:
    if len(given) > PAIRS:
        raise invalid(f"Metadata may hold {PAIRS} pairs at most.", "metadata")
    for name, value in given.items():
        if len(name) > NAME or not isinstance(value, str) or len(value) > VALUE:
            raise invalid("Metadata: names up to 64, strings up to 512 characters.", "metadata")


def _fits(job: Json, wished: dict[str, str]) -> bool:
    known = job["metadata"] or {}
    return all(known.get(name[9:-1]) == value for name, value in wished.items())


def _ended(state: str) -> str:
    return "been cancelled" if state == "cancelled" else state
