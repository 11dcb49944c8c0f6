"""Where every request goes: who asks, what befalls it, what is answered."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping

from flask import Response, request, stream_with_context

from playground.bedrock.errors import AwsError
from playground.bedrock.eventstream import MIME, exception
from playground.bedrock.operations import Operation, offered, read
from playground.bedrock.talking import Said, Talking, streamed, whole
from playground.openai.asking import hang_up
from playground.openai.faults import Fault, Faults
from playground.openai.journal import Call, Journal
from playground.openai.store import Json

REFUSALS = {
    "denied": ("AccessDeniedException", "You don't have access to the model or operation."),
    "throttled": ("ThrottlingException", "Too many requests, please wait before trying again."),
    "error": ("InternalServerException", "The system encountered an unexpected error."),
    "unavailable": ("ServiceUnavailableException", "The service is unavailable."),
    "not_ready": ("ModelNotReadyException", "The model is not ready for inference."),
}
KINDS = (*REFUSALS, "hang", "slow", "cut", "stream_error")
"""`hang`, `slow` and `cut` are as with OpenAI; `stream_error` is an error within a stream."""
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/(?P<region>[a-z0-9-]+)/bedrock/")
REGION = "us-east-1"
"""Of callers with a bearer token, who name none."""


class Desk:
    """Answers everything. `operations` take checked parameters and the caller's region."""

    def __init__(
        self,
        operations: Mapping[str, Callable[[Json, str], Json]],
        talking: Talking,
        faults: Faults,
        journal: Journal,
    ) -> None:
        self._operations, self._talking = operations, talking
        self._faults, self._journal = faults, journal
        self._offered = offered()

    def answer(self) -> Response:
        """To Flask's current request. Raises AwsError."""
        fault = self._faults.due(request.method, request.path)
        try:
            response, cost = self._answer(fault)
        except AwsError as error:
            self._note(error.status, ("", 0, 0), fault)
            raise
        self._note(response.status_code, cost, fault)
        return response

    def _answer(self, fault: Fault | None) -> tuple[Response, tuple[str, int, int]]:
        region = _region()
        if fault:
            self._befall(fault)
        body = request.get_json(silent=True) if request.data else {}
        operation, wish = read(self._offered, request.method, request.path, request.args, body)
        if operation.name not in self._operations:
            return self._said(operation, wish, fault)
        return _json(self._operations[operation.name](wish, region), operation.status), ("", 0, 0)

    def _said(
        self, operation: Operation, wish: Json, fault: Fault | None
    ) -> tuple[Response, tuple[str, int, int]]:
        said = self._talking.say(wish)
        cost = (wish["modelId"], said.tokens_in, len(said.pieces))
        if operation.name == "Converse":
            return _json(whole(said), operation.status), cost
        return Response(stream_with_context(_until(said, fault)), content_type=MIME), cost

    def _befall(self, fault: Fault) -> None:
        if fault.kind in REFUSALS:
            raise AwsError(*REFUSALS[fault.kind])
        if fault.kind in ("hang", "slow"):
            self._faults.over.wait(fault.seconds)
        if fault.kind == "hang":
            self._note(0, ("", 0, 0), fault)
            hang_up()

    def _note(self, status: int, cost: tuple[str, int, int], fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        self._journal.note(Call(time.time(), request.method, request.path, status, *cost, kind))


def _region() -> str:
    """Where the caller signed for. Raises AwsError; signatures themselves are not checked."""
    given = request.headers.get("Authorization", "")
    signed = SIGNED.match(given)
    if signed:
        return signed["region"]
    if given.startswith("Bearer ") and given[7:].strip():
        return REGION
    raise AwsError("AccessDeniedException", "Missing Authentication Token")


def _until(said: Said, fault: Fault | None) -> Iterator[bytes]:
    kind = fault.kind if fault else ""
    left = fault.after if fault and kind in ("cut", "stream_error") else None
    for event, piece in streamed(said):
        if piece and left is not None:
            if left == 0:
                break
            left -= 1
        yield event
    if kind == "stream_error":
        yield exception("modelStreamErrorException", {"message": "The model broke down."})
    elif kind == "cut":
        hang_up()


def _json(body: Json, status: int) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
