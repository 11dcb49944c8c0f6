"""Before and after every REST call: faults, reading the body, authorisation, the record."""

import json
import re
import socket
import time
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from playground.discord.errors import ApiError
from playground.discord.faults import Fault
from playground.discord.files import Upload
from playground.discord.parts import Parts

Json = dict[str, Any]
PREFIX = "/api/v10"
FILES = re.compile(r"files\[(\d+)\]").fullmatch
SHOWN_BODY = 20_000
BODYLESS = ("GET", "DELETE")


def parts() -> Parts:
    """The stand-in that this request came to."""
    found: Parts = current_app.extensions["discord"]
    return found


def watch(blueprint: Blueprint) -> None:
    """Make every call of the blueprint pass through here."""
    blueprint.before_request(_before)
    blueprint.after_request(_after)
    blueprint.register_error_handler(ApiError, _refuse)
    for error in (AttributeError, KeyError, TypeError, ValueError):
        blueprint.register_error_handler(error, _misshapen)


def need_bot() -> None:
    """Raises ApiError (401) without the bot's token."""
    wanted = f"Bot {parts().world.application['bot_token']}"
    if request.headers.get("Authorization") != wanted:
        raise ApiError(401, 0)


def need_application(id: str) -> None:
    """The bot's token, and its own application. Raises ApiError."""
    need_bot()
    if id != parts().world.application["id"]:
        raise ApiError(403, 50001)


def body() -> Any:
    """The request's JSON (or `payload_json`)."""
    return g.body


def fields() -> Json:
    """The request's JSON, which must be an object. Raises ApiError."""
    if not isinstance(g.body, dict):
        raise ApiError(400, 50109)
    return g.body


def uploads() -> list[Upload]:
    """The request's `files[n]`."""
    found: list[Upload] = g.uploads
    return found


def _before() -> Response | None:
    g.began, g.body, g.uploads, g.wrong = time.perf_counter(), None, [], ""
    fault = parts().faults.due(request.method, request.path)
    if fault is not None:
        return _suffer(fault)
    g.body, g.uploads = _read()
    path = request.path.removeprefix(PREFIX)
    g.wrong = parts().validation.request(request.method, path, g.body)
    if g.wrong:
        _violation(g.wrong)
    return None


def _suffer(fault: Fault) -> Response:
    if fault.kind == "timeout":
        parts().faults.over.wait(fault.seconds)
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    if fault.kind == "rate_limit":
        text = {"message": "You are being rate limited.", "retry_after": fault.seconds}
        answer = jsonify({**text, "global": False})
        answer.headers["Retry-After"] = str(max(1, round(fault.seconds)))
        answer.headers["X-RateLimit-Reset-After"] = str(fault.seconds)
        answer.headers["X-RateLimit-Remaining"] = "0"
        answer.headers["X-RateLimit-Scope"] = "user"
    else:
        answer = jsonify(ApiError(fault.status, fault.code).body())
    answer.status_code = fault.status
    return answer


def _read() -> tuple[Any, list[Upload]]:
    if request.method in BODYLESS and not request.content_length:
        return None, []
    if request.mimetype == "multipart/form-data":
        given = request.form.get("payload_json", "{}")
        found = sorted(_uploads(), key=lambda upload: upload.number)
        return _loads(given), found
    return _loads(request.get_data()), []


def _uploads() -> list[Upload]:
    found = []
    for name, file in request.files.items():
        number = FILES(name)
        if number:
            n, type = int(number[1]), file.mimetype or ""
            found.append(Upload(n, file.filename or "unknown", type, file.read()))
    return found


def _loads(text: str | bytes) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise ApiError(400, 50109) from None


def _violation(what: str) -> None:
    where = f"{request.method} {_short(request.path)}"
    parts().journal.violation(_interaction(), where, what)


def _refuse(error: ApiError) -> Response:
    if error.code in (50035, 50006, 50109):
        _violation(str(error))
    answer = jsonify(error.body())
    answer.status_code = error.status
    return answer


def _misshapen(error: Exception) -> Response:
    """A body that the description has already called wrong may break our rules on the way."""
    if not g.wrong:
        raise error
    return _refuse(ApiError(400, 50035))


def _after(answer: Response) -> Response:
    if "uploads" not in g:  # refused before it came here: not from this page
        return answer
    files = [f"{u.name} ({len(u.body)} bytes)" for u in g.uploads]
    call = {
        "at": time.time(),
        "method": request.method,
        "path": _short(request.path),
        "status": answer.status_code,
        "body": g.body,
        "files": files,
        "answer": answer.get_data(as_text=True)[:SHOWN_BODY],
        "ms": round((time.perf_counter() - g.began) * 1000, 1),
    }
    parts().journal.called(_interaction(), call)
    return answer


def _interaction() -> str:
    """The interaction that a call belongs to, told by its token or its nonce."""
    given = (request.view_args or {}).get("token", "")
    if given:
        return parts().sessions.id_of(given)
    nonce = g.body.get("nonce", "") if isinstance(g.body, dict) else ""
    known = parts().journal.ids()
    return next((id for id in known if id in str(nonce)), "")


def _short(path: str) -> str:
    """Tokens are long: only their beginning is shown."""
    return re.sub(r"(?<=/)(aW50[\w-]{12})[\w-]+", r"\1…", path.removeprefix(PREFIX))
