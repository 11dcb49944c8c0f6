"""HTTP itself at `make serve`'s door and at the voice worker's: odd bodies, dawdling, many."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from waitress.server import create_server

from protege.app import App
from protege.server.endpoint import GUARDS, LARGEST_BODY, endpoint
from tests.security.tally import Attacks
from tests.security.test_doors import PING, SIGNATURE, TIMESTAMP, signed
from tests.serving import end
from voice_worker.health import MOST_OPEN, Health, Pulse
from voice_worker.metrics import Metrics

ATTACK = "headers, bodies, connections"
PATIENCE_S = 60.0


# ---- make serve --------------------------------------------------------------------------------


@pytest.fixture
def port(app: App) -> Iterator[int]:
    """A running server, guarded as the real one."""
    made = create_server(endpoint(app), host="127.0.0.1", port=0, threads=2, **GUARDS)
    server: Any = made
    server.adj.asyncore_loop_timeout = 0.02

    def run() -> None:
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run)
    thread.start()
    yield server.effective_port
    end(server, thread)


def exchange(port: int, sent: bytes, patience_s: float = 2.0) -> bytes:
    """What comes back for these very bytes, until the other side is done or silent for so long."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), patience_s) as wire, suppress(OSError):
        wire.sendall(sent)
        while piece := wire.recv(4096):
            found += piece
    return found


def answer_to(port: int, sent: bytes) -> bytes:
    """The same, where there must be an answer."""
    return exchange(port, sent, PATIENCE_S)


def head(path: str = "/interactions", method: str = "POST", **more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def first_line(answer: bytes) -> str:
    return answer.partition(b"\r\n")[0].decode("latin-1")


def test_a_large_body_is_refused_by_its_head(port: int, attacks: Attacks) -> None:
    """Nothing of it is read, and nothing is kept of it on disk."""
    for size in (LARGEST_BODY + 1, 1 << 30, 1 << 40, 10**30):
        answer = answer_to(port, head(Content_Length=str(size)))
        attacks.stopped(" 413 " in first_line(answer) or " 400 " in first_line(answer), size)
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as wire:
        sent = 0
        with suppress(OSError):
            wire.sendall(head(Transfer_Encoding="chunked"))
            for _ in range(200):
                wire.sendall(chunk)
                sent += len(chunk)
        attacks.stopped(sent < 200 * len(chunk) or b" 413 " in wire.recv(100), sent)


def odd_requests() -> Iterator[bytes]:
    """Bytes that are no request, or are one in two ways."""
    good = signed()
    about = {SIGNATURE.replace("-", "_"): good[SIGNATURE], TIMESTAMP.replace("-", "_"): "1"}
    yield head(Content_Length="10", Transfer_Encoding="chunked") + PING
    yield head(Content_Length="-1", **about) + PING
    yield head(Content_Length="10, 10", **about) + PING
    yield head(Content_Length="1e1", **about) + PING
    yield head(Content_Length="\xb2", **about)
    yield head(Transfer_Encoding="chunked", **about) + b"zz\r\n{}\r\n0\r\n\r\n"
    yield head(Transfer_Encoding="xchunked", **about) + PING
    yield head(X="y" * 20_000)
    yield head(**{f"X{number}": "y" for number in range(5_000)})
    yield head(Bad="a\nb: c") + PING
    yield b"POST /interactions\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100)
    yield head("/interactions/../healthz")
    yield head("/files/../links.key", "GET")
    yield head("/files/%2e%2e/links.key", "GET")
    yield head("//interactions") + PING
    yield head("/interactions%00") + PING
    yield head("http://evil.example/interactions") + PING
    yield head(method="BREW") + PING
    yield head(method="X" * 10_000) + PING


def test_odd_requests_are_refused_and_the_server_lives_on(port: int, attacks: Attacks) -> None:
    for request in odd_requests():
        answer = first_line(exchange(port, request))
        good = not answer or any(f" {code} " in answer for code in (400, 401, 403, 404, 405, 413))
        attacks.stopped(good or " 431 " in answer or " 501 " in answer, (answer, request[:60]))
    alive = answer_to(port, head("/healthz", "GET"))
    attacks.stopped(first_line(alive).endswith("200 OK"), alive)
    attacks.stopped(b"waitress" not in alive.lower(), "the server names itself")


def test_errors_tell_nothing_of_the_inside(port: int, attacks: Attacks) -> None:
    for request in odd_requests():
        answer = exchange(port, request)
        for told in (b"Traceback", b'File "', b"/protege/", b"site-packages"):
            attacks.stopped(told not in answer, answer[:200])


# ---- the voice worker's health endpoint --------------------------------------------------------


def test_those_who_dawdle_take_neither_threads_nor_the_probe_s_place(attacks: Attacks) -> None:
    health = Health("127.0.0.1", 0, Pulse(), lambda: True, Metrics())
    before = threading.active_count()
    with ExitStack() as stack:
        for _ in range(5 * MOST_OPEN):
            wire = stack.enter_context(socket.create_connection(("127.0.0.1", health.port)))
            wire.sendall(b"GET /healthz HTTP/1.1\r\n")
        said = answer_to(health.port, head("/healthz", "GET"))
        answer = json.loads(said.split(b"\r\n\r\n")[1])
        attacks.stopped(answer == {"ok": True}, answer)
        ends = time.monotonic() + PATIENCE_S
        while threading.active_count() > before + MOST_OPEN + 1 and time.monotonic() < ends:
            threading.Event().wait(0.02)
        attacks.stopped(
            threading.active_count() <= before + MOST_OPEN + 1, threading.active_count()
        )
    health.close()
