"""Machines whose clocks are ten minutes off."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protege.app import App
from tests.chaos.house import body, drain, hand_in, house, mixed, person
from tests.chaos.running import Case, counted
from tests.chaos.tally import letters

OFF_S = (-600, 600)
PATIENCE_S = 120


def clocks_off(at: Path, count: int, seed: int) -> Case:
    """Two workers, ten minutes ahead and behind, each message twice; and such an ingress."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        waiting = hand_in(ada, mixed(ada, count))
        for payload in waiting:
            app.queue.put(body(payload))
        with _workers(app):
            until_empty(app)
        drain(app)
        case = counted(witness, waiting, letters(app.dead_letters), 2 * count, strict=True)
    return _at_the_door(at / "door", case)


def _at_the_door(at: Path, case: Case) -> Case:
    """An ingress with such a clock takes nothing on: Discord shows that at once."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        for off in OFF_S:
            app.now = lambda off=off: time.time() + off  # type: ignore[misc]
            payload = ada.command("hi")
            status, _body = ada.send(body(payload).encode())
            queued = app.queue.depth().waiting
            right = status == 401 and not queued
            case = case.also("answered" if right else "lost", 1, "" if right else f"door: {status}")
    return case


@contextmanager
def _workers(app: App) -> Iterator[None]:
    env = {**os.environ, **app._env, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.chaos.skewed"]
    processes = [
        subprocess.Popen([*command, str(off)], env=env, stderr=subprocess.DEVNULL) for off in OFF_S
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def until_empty(app: App) -> None:
    """Wait for others to work the queue off."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        depth = app.queue.depth()
        if not (depth.waiting or depth.in_flight):
            return
        time.sleep(0.05)
