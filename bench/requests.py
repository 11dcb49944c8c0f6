"""Signed requests as Discord sends them, each with an id of its own."""

import itertools
import json
import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tools.events import EVENTS, KEY

KINDS = {"ping": "PING", "hi": "/hi, answered at once", "ask": "/ask, deferred"}
"""Name of the sample -> what the table calls it."""
Respond = Callable[[bytes, str, str], tuple[int, bytes]]
_ids = itertools.count(1_430_000_000_000_000_000)


class Request(NamedTuple):
    """A body and the values of the two headers."""

    body: bytes
    signature: str
    timestamp: str


def requests(kind: str, count: int) -> list[Request]:
    """Fresh requests of one kind."""
    payload = json.loads((EVENTS / f"payloads/{kind}.json").read_text())
    return [_signed(payload) for _ in range(count)]


def mixed(count: int) -> list[Request]:
    """Fresh requests of all kinds, as many of each, shuffled; `count` in all (a multiple of 3)."""
    parts = [requests(kind, count // len(KINDS)) for kind in KINDS]
    return random.sample(list(itertools.chain(*parts)), count)


def _signed(payload: dict[str, Any]) -> Request:
    body = json.dumps(payload | {"id": str(next(_ids))}).encode()
    timestamp = str(int(time.time()))
    return Request(body, KEY.sign(timestamp.encode() + body).signature.hex(), timestamp)
