"""Each field of each kind of interaction, holding what it never should.

The ingress answers 200 or 400 and never breaks; where it has shown "thinking", the worker fills
that in, whatever it was sent.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

from protege.storage import Delivery
from protege.worker import work
from tests.person import Person
from tests.security.mutations import Path, changed, mutants, paths, payloads
from tests.security.tally import Attacks

ATTACK = "wrong types in fields"
EVERY = int(os.environ.get("SECURITY_EVERY", "3"))
"""Of so many mutants one is tried; no divisor of how many there are of a field. 1: all of them."""
WORKED = 50
"""Of so many that were queued, the worker gets one."""
WHERE = ("data", "message")
"""What differs between one command and the next."""


class Caught:
    """A queue that holds on to one message."""

    def __init__(self) -> None:
        self.body = ""

    def put(self, body: str, *, delay_s: int = 0) -> str:
        self.body = body
        return "1"

    def take(self) -> str:
        body, self.body = self.body, ""
        return body


def tried() -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Mutants; of what all interactions of a kind have alike, one set for each kind."""
    seen: set[tuple[Any, Any, Path]] = set()
    number = 0
    for name, payload in payloads().items():
        kind = payload["type"], payload.get("data", {}).get("type")
        for path, value in mutants(payload):
            number += 1
            if number % EVERY == 0 and (path[0] in WHERE or (*kind, path) not in seen):
                yield name, path, changed(payload, path, value)
        seen |= {(*kind, path) for path in paths(payload)}


def told(ada: Person, start: int, token: object) -> bool:
    """Whether the "thinking" message of this token was filled in."""
    wanted = f"/{token}/messages/@original"
    return any(call.path.endswith(wanted) for call in ada.discord.calls[start:])


def answered(ada: Person, body: str) -> bool:
    """Let the worker try three times, as the queue does."""
    start, token = len(ada.discord.calls), json.loads(body)["token"]
    for receives in (1, 2, 3):
        if not work(ada.app, [Delivery(f"m-{token}", body, "", receives)]):
            break
    return told(ada, start, token)


def test_no_field_of_any_interaction_breaks_us(ada: Person, attacks: Attacks) -> None:
    queue, caught = ada.app.queue, Caught()
    queued = 0
    for number, (name, path, mutant) in enumerate(tried()):
        fresh = {"id": str(10**17 + number), "token": f"token{number}"}
        mutant |= {key: value for key, value in fresh.items() if path[0] != key}
        ada.app.__dict__["queue"] = caught
        status, answer = ada.send(json.dumps(mutant).encode())
        attacks.stopped(status in (200, 400) and b"went wrong" not in answer, (name, path))
        ada.app.__dict__["queue"] = queue
        body = caught.take()
        if body:
            queued += 1
            if queued % WORKED == 0:
                attacks.stopped(answered(ada, body), ("worker", name, path))
