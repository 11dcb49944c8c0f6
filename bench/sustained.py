"""Sustained load over HTTP: ours beside the bare handler and Flask with Discord's helper.

The servers are processes of their own and stay up; so is the load. Each round visits all of them in
another order, so that what else the machine does meets all alike.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple, cast

from bench.served import WAYS, server

ROUNDS, SECONDS, THREADS = 5, 1.0, 4
"""`THREADS`: waitress' own default, and that of `make serve`."""
RATES = (200, 800)
"""Requests a second of the open loop."""
KEPT_UP = 0.95
"""A rate is sustained where this part of it was answered in the time given."""
TITLES = {
    "bare": "bare handler: verify and answer",
    "flask": "Flask + discord-interactions",
    "ours": "Protégé",
    "kept": "Protégé, its queue on the disk (flushed before each ACK)",
}


class Turn(NamedTuple):
    """One server under one load. `rate`: answers a second."""

    rate: float
    p50_ms: float
    p99_ms: float


class Found(NamedTuple):
    """One server: medians of the rounds. `relative`: its rate over the bare handler's."""

    closed: Turn
    relative: float
    paced: tuple[Turn, ...]


class Load:
    """A process that loads one server."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._in, self._out = cast(IO[str], process.stdin), cast(IO[str], process.stdout)

    def turn(self, rate: int, seconds: float) -> Turn:
        """One load; rate 0: as fast as 16 connections go. Raises RuntimeError where it failed."""
        print(json.dumps([rate, seconds]), file=self._in, flush=True)
        line = self._out.readline()
        if not line:
            raise RuntimeError("the load has failed")
        times, took = json.loads(line)
        ordered = sorted(times)
        p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
        return Turn(len(ordered) / took, p50, p99)


@contextmanager
def load(address: tuple[str, int]) -> Iterator[Load]:
    """A process that loads the server there, for as long as it is needed."""
    command = [sys.executable, "-m", "bench.load", str(address[1])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Load(process)
        finally:
            process.terminate()


def measure(rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, Found]:
    """By server. Takes rounds × servers × loads × seconds, and a little."""
    turns: dict[str, list[list[Turn]]] = {name: [] for name in WAYS}
    with ExitStack() as stack:
        loads = {
            name: stack.enter_context(load(stack.enter_context(server(name, THREADS))[1]))
            for name in WAYS
        }
        for number in range(rounds):
            for name in _turned(list(WAYS), number):
                turns[name].append([loads[name].turn(rate, seconds) for rate in (0, *RATES)])
    return {name: _found(found, turns["bare"]) for name, found in turns.items()}


def _turned(names: list[str], number: int) -> list[str]:
    """Another order each round: whoever comes first and last changes."""
    at = number % len(names)
    order = names[at:] + names[:at]
    return order[::-1] if number % 2 else order


def _found(ours: Sequence[Sequence[Turn]], bare: Sequence[Sequence[Turn]]) -> Found:
    relative = [one[0].rate / other[0].rate for one, other in zip(ours, bare, strict=True)]
    medians = [
        Turn(*(statistics.median(values) for values in zip(*of_load, strict=True)))
        for of_load in zip(*ours, strict=True)
    ]
    return Found(medians[0], statistics.median(relative), tuple(medians[1:]))


def table(found: dict[str, Found]) -> Iterator[str]:
    """The figures, as a table."""
    rates = "".join(f" | {rate}/s: p50 | p99" for rate in RATES)
    yield f"| Sustained over HTTP, to ACK | a second | of bare | p50 | p99{rates} |"
    yield "| --- |" + " ---: |" * (4 + 2 * len(RATES))
    for name, one in found.items():
        paced = "".join(map(_paced, one.paced, RATES))
        yield (
            f"| {TITLES[name]} | {one.closed.rate:,.0f} | {one.relative:.2f} "
            f"| {one.closed.p50_ms:.1f} ms | {one.closed.p99_ms:.1f} ms{paced} |"
        )


def _paced(turn: Turn, rate: int) -> str:
    if turn.rate < KEPT_UP * rate:
        return f" | not sustained: {turn.rate:,.0f}/s | "
    return f" | {turn.p50_ms:.1f} ms | {turn.p99_ms:.1f} ms"


if __name__ == "__main__":
    print("\n".join(table(measure())))
