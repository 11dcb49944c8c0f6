"""kill -9 at every step of an answer: at each request that a worker makes, before and after it."""

import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.chaos.front import Fault, Request
from tests.chaos.house import ASKED, Payload, long, person
from tests.chaos.mortal import Workers
from tests.chaos.proxy import operation
from tests.chaos.running import Case, counted, together
from tests.chaos.storage import Region, region
from tests.chaos.tally import letters
from tests.scripted import Asked, Said
from tools.cloud import Cloud, cloud

LANES = 3
PATIENCE_S = 60
OTHERS = ("SQS.ReceiveMessage", "SQS.GetQueueAttributes", "SQS.SendMessage")
"""Polling, and the ingress."""


class Point(NamedTuple):
    """When to kill: at the so manieth request of the worker, `before` or `after` it is served."""

    number: int = 0
    when: str = ""


class Lane:
    """One worker after another on a queue of their own; requests are counted wherever they go."""

    def __init__(self, here: Region) -> None:
        self.here = here
        self.payloads: list[Payload] = []
        self.seen: list[str] = []
        self._point = Point()
        self._lock = threading.Lock()
        self._over = threading.Event()
        here.proxy.fault = lambda request: self._at(operation(request))
        here.witness.fault = lambda request: self._at(f"Discord.{request.method}", request)
        here.model.routes[ASKED] = self._model
        self.workers = Workers(here.env, lease_s=0)

    def answer(self, point: Point) -> bool:
        """Have a question answered whose worker is killed at a point; whether it came to an end."""
        ada = person(self.here.light, self.here.witness)
        self._over.clear()
        with self._lock:
            self._point, self.seen = point, []
        payload = ada.command("ask", question=f"What is written on {len(self.payloads)}?")
        self.payloads.append(payload)
        ada.hand_in(payload)
        return self._over.wait(PATIENCE_S)

    def judged(self) -> Case:
        """What became of all of them."""
        dead = letters(self.here.app.dead_letters)
        return counted(self.here.witness, self.payloads, dead, self.workers.deaths)

    def _at(self, what: str, request: Request | None = None) -> Fault | None:
        if what in OTHERS:
            return None
        when = self._counted(what)
        if what == "SQS.DeleteMessage" and when != "before":
            return Fault(cut=when, then=lambda: self._ended(killed=bool(when)))
        return Fault(cut=when, then=self.workers.kill) if when else None

    def _model(self, asked: Asked) -> Said:
        if self._counted("Model.POST"):
            self.workers.kill()
        return long(asked)

    def _counted(self, what: str) -> str:
        """`before`, `after`, or "" where this is not the request to be killed at."""
        with self._lock:
            self.seen.append(what)
            return self._point.when if len(self.seen) == self._point.number else ""

    def _ended(self, *, killed: bool) -> None:
        if killed:
            self.workers.kill()
        self._over.set()


def killed_at_every_step(at: Path, count: int, seed: int) -> Case:
    """A question with an answer of three messages; `count` of all the points, dealt by the seed."""
    with cloud() as it, ExitStack() as stack:
        lanes = [stack.enter_context(_lane(it, str(n))) for n in range(LANES)]
        assert lanes[0].answer(Point()), "without a kill it is answered"
        steps = len(lanes[0].seen)
        points = [Point(n + 1, when) for n in range(steps) for when in ("before", "after")]
        chosen = random.Random(seed).sample(points, min(count, len(points)))
        with ThreadPoolExecutor(LANES) as pool:
            dealt = [chosen[n::LANES] for n in range(LANES)]
            missed = [point for some in pool.map(_all, lanes, dealt) for point in some]
        case = together(lane.judged() for lane in lanes)
        few = 2 * case.faults < len(chosen)  # the last ones are not always reached
        return case.also("lost", len(missed) + few, f"no end: {missed}; {case.faults} kills")


def _all(lane: Lane, points: Sequence[Point]) -> list[Point]:
    return [point for point in points if not lane.answer(point)]


@contextmanager
def _lane(it: Cloud, name: str) -> Iterator[Lane]:
    sqs = it.client("sqs")
    queues = {
        kind: sqs.create_queue(QueueName=f"{kind}-{name}")["QueueUrl"]
        for kind in ("WorkQueue", "DeadLetters")
    }
    with region(it, **queues) as here:
        lane = Lane(here)
        try:
            yield lane
        finally:
            lane.workers.stop()
