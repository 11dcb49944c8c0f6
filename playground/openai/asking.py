"""Around every request: the key, the faults, the journal."""

import time

from flask import Flask, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from playground.openai import errors
from playground.openai.errors import ApiError
from playground.openai.faults import Fault
from playground.openai.journal import Call
from playground.openai.parts import Parts

BEDROCK = "/openai/v1"
"""Where callers sign as AWS wants it, instead of sending a key, and models begin `openai.`."""
SIGNED = "AWS4-HMAC-SHA256"
OPEN = "/control/"
"""What needs no key: it is there on this machine only."""


def parts() -> Parts:
    """Of the server that was asked."""
    found: Parts = current_app.extensions["openai"]
    return found


def install(app: Flask) -> None:
    """Put it around an application."""
    app.before_request(_before)
    app.after_request(_after)
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(HTTPException, _nowhere)


def about(model: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
    """Tell the journal what the request is about."""
    g.about = (model, tokens_in, tokens_out)


def cut_after() -> int | None:
    """How many pieces of a stream may come before it ends; None: all."""
    fault: Fault | None = g.get("fault")
    return fault.after if fault and fault.kind == "cut" else None


def hang_up() -> None:
    """End the connection in the middle of whatever is being answered. Raises ConnectionError."""
    request.environ["werkzeug.socket"].shutdown(2)
    raise ConnectionResetError


def _before() -> None:
    if request.path.startswith(OPEN):
        return
    _admit(parts().key)
    g.fault = parts().faults.due(request.method, request.path)
    if g.fault:
        _befall(g.fault)


def _admit(key: str) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme == SIGNED and request.path.startswith(BEDROCK):
        return  # who signed is not checked: there is no secret to check it with
    if scheme != "Bearer" or not given.strip():
        raise errors.no_key()
    if key and given.strip() != key:
        raise errors.wrong_key(given.strip())


def _befall(fault: Fault) -> None:
    refusals = {
        "rate_limit": errors.limited(fault.seconds),
        "quota": errors.out_of_quota(),
        "error": errors.down(fault.status),
        "no_tuning": errors.no_tuning(),
    }
    if fault.kind in refusals:
        raise refusals[fault.kind]
    if fault.kind in ("hang", "slow"):
        parts().faults.over.wait(fault.seconds)
    if fault.kind == "hang":
        _note(0)
        hang_up()


def _after(response: Response) -> Response:
    response.headers["x-request-id"] = f"req_{time.time_ns():x}"
    response.headers["openai-version"] = "2020-10-01"
    if not request.path.startswith(OPEN):
        _note(response.status_code)
    return response


def _note(status: int) -> None:
    fault: Fault | None = g.get("fault")
    cost: tuple[str, int, int] = g.get("about", ("", 0, 0))
    kind = fault.kind if fault else ""
    parts().journal.note(Call(time.time(), request.method, request.path, status, *cost, kind))


def _refused(error: ApiError) -> Response:
    answer = jsonify(error.body())
    answer.status_code = error.status
    answer.headers.update(error.headers)
    return answer


def _nowhere(error: HTTPException) -> Response:
    status = error.code or 500
    said = f"Invalid URL ({request.method} {request.path})" if status == 404 else str(error)
    return _refused(ApiError(status, said))
