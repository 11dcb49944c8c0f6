"""What a supervisor asks the worker."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from voice_worker.health import STALE_S, Health, Pulse
from voice_worker.metrics import Metrics


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


class Asked:
    """A health endpoint, and what it answers."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ready = False
        self.metrics = Metrics()
        self.frames = {"sent": 3}
        self.metrics.frames(lambda: self.frames)
        pulse = Pulse(self.clock)
        self.health = Health("127.0.0.1", 0, pulse, lambda: self.ready, self.metrics)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def asked() -> Iterator[Asked]:
    it = Asked()
    yield it
    it.health.close()


def test_it_lives_as_long_as_its_loop_turns(asked: Asked) -> None:
    assert asked.get("/healthz")[0] == 200
    asked.clock.time = STALE_S
    assert asked.get("/healthz")[0] == 503


def test_it_is_ready_once_the_gateway_stands(asked: Asked) -> None:
    assert asked.get("/readyz")[0] == 503
    asked.ready = True
    assert asked.get("/readyz")[0] == 200
    asked.clock.time = STALE_S
    assert asked.get("/readyz")[0] == 503


def test_it_tells_prometheus_what_it_counts(asked: Asked) -> None:
    asked.metrics.orders.labels("join", "done").inc()
    asked.metrics.calls.set(2)
    status, text = asked.get("/metrics")
    assert status == 200
    assert 'protege_voice_orders_total{do="join",end="done"} 1.0' in text
    assert (
        "protege_voice_calls 2.0" in text and 'protege_voice_frames_total{fate="sent"} 3.0' in text
    )


def test_a_port_that_is_taken_is_an_error_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=str(port)):
            Health("127.0.0.1", port, Pulse(), lambda: True, Metrics())
