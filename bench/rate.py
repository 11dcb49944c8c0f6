"""Requests a second in one process: our ingress and the bare handler on the same requests."""

import importlib
import os
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from bench.requests import KINDS, Request, Respond, requests
from protege.app import App
from protege.config import Config
from protege.ingress import respond
from tools.events import PUBLIC_KEY

ROUNDS, COUNT = 15, 500


class Figures(NamedTuple):
    """Of one kind of request, on one core.

    `relative`: the rate over the bare handler's, by processor time, so that other processes on the
    machine count little; the median of all rounds.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    relative: float


class Nowhere:
    """A queue that takes everything and keeps nothing."""

    def put(self, body: str, *, delay_s: int = 0) -> str:
        """Forget the message."""
        return ""


def ours() -> Respond:
    """The ingress without AWS."""
    app = App(Config(PUBLIC_KEY), {}, light=True)
    vars(app)["queue"] = Nowhere()
    return lambda body, signature, timestamp: respond(app, body, signature, timestamp)


def bare() -> Respond:
    """The handler that only verifies and answers."""
    os.environ["DISCORD_PUBLIC_KEY"] = PUBLIC_KEY
    found: Respond = importlib.import_module("bench.handlers.bare").respond
    return found


def measure(rounds: int = ROUNDS, count: int = COUNT) -> dict[str, tuple[Figures, Figures]]:
    """(ours, bare) by kind of request. Raises RuntimeError where they do not answer alike."""
    return {kind: _compare(kind, ours(), bare(), rounds, count) for kind in KINDS}


def _compare(
    kind: str, one: Respond, other: Respond, rounds: int, count: int
) -> tuple[Figures, Figures]:
    times: dict[Respond, list[float]] = {one: [], other: []}
    relative = []
    _check(kind, one, other)
    for number in range(rounds):
        batch = requests(kind, count)
        order = (one, other) if number % 2 else (other, one)
        cost = {}
        for it in order:
            begun = time.process_time()
            times[it] += _times(it, batch)
            cost[it] = time.process_time() - begun
        relative.append(cost[other] / cost[one])
    middle = statistics.median(relative)
    return figures(times[one], middle), figures(times[other], 1.0)


def figures(times: Sequence[float], relative: float) -> Figures:
    """Of milliseconds taken, one after the other."""
    ordered = sorted(times)
    p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    return Figures(1000 / p50, p50, p99, relative)


def _times(respond: Respond, batch: Sequence[Request]) -> list[float]:
    found = []
    for request in batch:
        begun = time.perf_counter()
        respond(*request)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _check(kind: str, *all: Respond) -> None:
    [request] = requests(kind, 1)
    forged = request._replace(signature="0" * 128)
    for it in all:
        if (it(*request)[0], it(*forged)[0]) != (200, 401):
            raise RuntimeError(f"{kind} is not answered as it should be")
