"""What `make bench` loads servers with."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bench.load import Address, closed, paced
from bench.requests import Request
from bench.served import server
from bench.sustained import load

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
STALL_S = 0.2
REQUEST = Request(b"{}", "00", "0")


class Stalling:
    """Answers everybody at once, but nobody until some time after the first request."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._awake_at = 0.0
        self.address: Address = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                opened, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(opened,), daemon=True).start()

    def _answer(self, opened: socket.socket) -> None:
        with opened:
            while opened.recv(4096):
                self._awake_at = self._awake_at or time.monotonic() + STALL_S
                time.sleep(max(0.0, self._awake_at - time.monotonic()))
                opened.sendall(ANSWER)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def stalling() -> Iterator[Stalling]:
    server = Stalling()
    yield server
    server.close()


def test_a_stall_is_charged_to_everybody_it_kept_waiting(stalling: Stalling) -> None:
    times = paced(stalling.address, [REQUEST] * 100, rate=500)
    waited = [ms for ms in times if ms > 20]
    assert len(times) == 100
    assert len(waited) > 40  # 16 connections alone would have shown 16
    assert max(times) >= STALL_S * 1000 - 1


def test_the_closed_loop_answers_all_it_was_given(stalling: Stalling) -> None:
    assert len(closed(stalling.address, [REQUEST] * 50)) == 50


@pytest.mark.parametrize("name", ["bare", "flask", "ours", "kept"])
def test_every_server_of_the_table_answers_every_request(name: str) -> None:
    with server(name) as (_, address), load(address) as it:
        turn = it.turn(60, 0.1)
    assert turn.rate > 0 and turn.p99_ms >= turn.p50_ms > 0
