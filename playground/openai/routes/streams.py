"""Server-sent events, and how a stream breaks when it is told to."""

import json
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from playground.openai.asking import cut_after, hang_up
from playground.openai.store import Json


def event(data: Json, name: str = "") -> bytes:
    """One event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


def streamed(events: Iterable[tuple[bytes, bool]]) -> Response:
    """Events, each with whether it carries a piece of the answer."""
    answer = Response(stream_with_context(_until_cut(events)), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _until_cut(events: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    left = cut_after()
    for event, piece in events:
        if piece and left is not None:
            if left == 0:
                hang_up()
            left -= 1
        yield event
    if left is not None:
        hang_up()
