"""Requests a second over HTTP on this machine: our endpoint and the bare handler under waitress.

`python -m bench.web ours` (or `bare`) is the server's half: it prints its port and serves.
"""

import logging
import random
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from waitress.server import create_server

from bench.rate import Nowhere, Pair, Rounds, bare, pair
from bench.requests import KINDS, Request, requests

SERVERS, ROUNDS, COUNT, CONNECTIONS = 7, 9, 240, 16
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
Server = tuple[int, tuple[str, int]]
"""Process id and address."""


def measure(servers: int = SERVERS, rounds: int = ROUNDS, count: int = COUNT) -> Pair:
    """All kinds of requests mixed. Each server is a process of its own, each time a new one."""
    ours, bare = Rounds(), Rounds()
    for _ in range(servers):
        with server("ours") as one, server("bare") as other:
            for number in range(rounds):
                parts = [requests(kind, count // len(KINDS)) for kind in KINDS]
                batch = random.sample(list(chain(*parts)), count)
                turns = [(ours, *one), (bare, *other)]
                for side, pid, address in turns if number % 2 else reversed(turns):
                    begun = _cpu_s(pid)
                    times = load(address, batch)
                    side.add(times, _cpu_s(pid) - begun)
    return pair(ours, bare)


@contextmanager
def server(name: str) -> Iterator[Server]:
    """A server, for as long as it is needed."""
    command = [sys.executable, "-m", "bench.web", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.pid, ("127.0.0.1", int(cast(IO[str], process.stdout).readline()))
        finally:
            process.terminate()


def load(address: tuple[str, int], batch: Sequence[Request]) -> list[float]:
    """Send requests on 16 connections, each waiting for its answer; milliseconds each took."""
    waiting, found = list(batch), []
    with selectors.DefaultSelector() as selector:
        for _ in range(min(CONNECTIONS, len(waiting))):
            opened = socket.create_connection(address)
            selector.register(opened, selectors.EVENT_READ, _send(opened, waiting.pop()))
        while selector.get_map():
            for key, _ in selector.select():
                connection: Any = key.fileobj
                _receive(connection)
                found.append((time.perf_counter() - key.data) * 1000)
                if waiting:
                    begun = _send(connection, waiting.pop())
                    selector.modify(connection, selectors.EVENT_READ, begun)
                else:
                    selector.unregister(connection)
                    connection.close()
    return found


def _send(connection: socket.socket, request: Request) -> float:
    head = (
        "POST /interactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Signature-Ed25519: {request.signature}\r\n"
        f"X-Signature-Timestamp: {request.timestamp}\r\nContent-Length: {len(request.body)}\r\n\r\n"
    )
    begun = time.perf_counter()
    connection.sendall(head.encode() + request.body)
    return begun


def _receive(connection: socket.socket) -> None:
    """Read one whole answer. Raises RuntimeError unless it is a 200."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or not length:
        raise RuntimeError(f"not the answer it should be: {data[:200]!r}")
    while len(body) < int(length[1]):
        body += connection.recv(65536)


def _cpu_s(pid: int) -> float:
    """Processor time of all threads of a process so far (Linux' sched-stats.rst: nanoseconds)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


# ---- the server's half ---------------------------------------------------------------------------


def ours() -> Any:
    """The endpoint of `make serve`, without its queue."""
    from protege.app import App
    from protege.config import Config
    from protege.server.endpoint import endpoint
    from tools.events import PUBLIC_KEY

    app = App(Config(PUBLIC_KEY), {})
    vars(app)["queue"] = Nowhere()
    return endpoint(app)


def plain() -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The bare handler as the least WSGI application."""
    respond = bare()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        signature, timestamp = (
            environ["HTTP_X_SIGNATURE_ED25519"],
            environ["HTTP_X_SIGNATURE_TIMESTAMP"],
        )
        status, answer = respond(body, signature, timestamp)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
        start("200 OK" if status == 200 else "401 Unauthorized", about)
        return [answer]

    return application


if __name__ == "__main__":
    logging.disable()  # waitress would warn of every request that waits for a thread
    it: Any = create_server(
        ours() if sys.argv[1] == "ours" else plain(), host="127.0.0.1", port=0, threads=1
    )
    sys.stdout.write(f"{it.effective_port}\n")
    sys.stdout.flush()
    it.run()
