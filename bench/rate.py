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

ROUNDS, COUNT = 41, 200


class Figures(NamedTuple):
    """Of one kind of request. `rate`: answers a second of one core's time, median of the rounds.

    Processor time, because other processes on the machine hardly change it.
    """

    rate: float
    p50_ms: float
    p99_ms: float


class Pair(NamedTuple):
    """`relative`: our rate over the bare handler's, the median of all rounds."""

    ours: Figures
    bare: Figures
    relative: float


class Rounds:
    """What one side has shown so far."""

    def __init__(self) -> None:
        self.times_ms: list[float] = []
        self.rates: list[float] = []

    def add(self, times_ms: Sequence[float], cpu_s: float) -> None:
        """One more round."""
        self.times_ms += times_ms
        self.rates.append(len(times_ms) / cpu_s)

    @property
    def figures(self) -> Figures:
        """Of all rounds."""
        ordered = sorted(self.times_ms)
        p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
        return Figures(statistics.median(self.rates), p50, p99)


def pair(ours: Rounds, bare: Rounds) -> Pair:
    """Both sides of the same rounds."""
    relative = [one / other for one, other in zip(ours.rates, bare.rates, strict=True)]
    return Pair(ours.figures, bare.figures, statistics.median(relative))


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


def measure(rounds: int = ROUNDS, count: int = COUNT) -> dict[str, Pair]:
    """By kind of request. Raises RuntimeError where they do not answer alike."""
    return {kind: _compare(kind, ours(), bare(), rounds, count) for kind in KINDS}


def _compare(kind: str, one: Respond, other: Respond, rounds: int, count: int) -> Pair:
    _check(kind, one, other)
    sides = {one: Rounds(), other: Rounds()}
    for number in range(rounds):
        batch = requests(kind, count)
        for respond_to in (one, other) if number % 2 else (other, one):
            begun = time.process_time()
            times = _times(respond_to, batch)
            sides[respond_to].add(times, time.process_time() - begun)
    return pair(sides[one], sides[other])


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
