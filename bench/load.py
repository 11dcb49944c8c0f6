"""Load on a server of this machine, from a process of its own: `python -m bench.load PORT`.

It reads what to do from its standard input, a JSON list `[rate, seconds]` a line, and answers each
with the milliseconds every request took and how long all of them took. Rate 0 is the closed loop:
on 16 connections, each waiting for its answer. Any other is the open loop: requests are due at
fixed times, whatever became of those before them, and their time counts from when they were due, so
that a server that stalls is charged for everybody it kept waiting ("coordinated omission",
https://www.scylladb.com/2021/04/22/on-coordinated-omission/).
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bench.requests import KINDS, Request, mixed

CONNECTIONS = 16
PATIENCE_S = 10.0
"""Longest wait for one answer; it then ends with TimeoutError."""
GUESSED_RATE = 4000
"""Requests signed beforehand for each second of the closed loop; a faster server ends it sooner."""
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
Address = tuple[str, int]


def closed(address: Address, batch: Sequence[Request], seconds: float = 1e9) -> list[float]:
    """Send requests on 16 connections, each waiting for its answer; milliseconds each took.

    Ends when all are answered, or so many seconds have passed.
    """
    waiting, found = list(batch), []
    ends = time.perf_counter() + seconds
    with _connected(address, min(CONNECTIONS, len(waiting))) as (selector, connections):
        for opened in connections:
            selector.register(opened, selectors.EVENT_READ, send(opened, waiting.pop()))
        while selector.get_map():
            for key, _ in selector.select(PATIENCE_S):
                connection: Any = key.fileobj
                receive(connection)
                found.append((time.perf_counter() - key.data) * 1000)
                if waiting and time.perf_counter() < ends:
                    begun = send(connection, waiting.pop())
                    selector.modify(connection, selectors.EVENT_READ, begun)
                else:
                    selector.unregister(connection)
    return found


def paced(address: Address, batch: Sequence[Request], rate: float) -> list[float]:
    """Send `rate` requests a second; milliseconds from when each was due to its answer.

    One that is due while all 16 connections wait for answers is sent as soon as one is free.
    """
    found: list[float] = []
    with _connected(address, CONNECTIONS) as (selector, idle):
        begun, sent = time.perf_counter(), 0
        while len(found) < len(batch):
            while idle and sent < len(batch) and begun + sent / rate <= time.perf_counter():
                opened = idle.pop()
                send(opened, batch[sent])
                selector.register(opened, selectors.EVENT_READ, begun + sent / rate)
                sent += 1
            due = begun + sent / rate if idle and sent < len(batch) else begun + 1e9
            wait = min(PATIENCE_S, max(0.0, due - time.perf_counter()))
            for key, _ in selector.select(wait):
                answered: Any = key.fileobj
                receive(answered)
                found.append((time.perf_counter() - key.data) * 1000)
                selector.unregister(answered)
                idle.append(answered)
    return found


@contextmanager
def _connected(
    address: Address, count: int
) -> Iterator[tuple[selectors.BaseSelector, list[socket.socket]]]:
    opened = [socket.create_connection(address, PATIENCE_S) for _ in range(count)]
    try:
        # Not epoll: Python rounds its waits up to whole milliseconds.
        with selectors.SelectSelector() as selector:
            yield selector, list(opened)
    finally:
        for one in opened:
            one.close()


def send(connection: socket.socket, request: Request) -> float:
    """Send one request; when that began (`perf_counter`)."""
    head = (
        "POST /interactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Signature-Ed25519: {request.signature}\r\n"
        f"X-Signature-Timestamp: {request.timestamp}\r\nContent-Length: {len(request.body)}\r\n\r\n"
    )
    begun = time.perf_counter()
    connection.sendall(head.encode() + request.body)
    return begun


def receive(connection: socket.socket) -> None:
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


def main(port: int) -> None:
    """Do what is asked, line by line."""
    address = ("127.0.0.1", port)
    for line in sys.stdin:
        rate, seconds = json.loads(line)
        count = int((rate or GUESSED_RATE) * seconds)
        batch = mixed(count - count % len(KINDS))
        begun = time.perf_counter()
        times = paced(address, batch, rate) if rate else closed(address, batch, seconds)
        print(json.dumps([times, time.perf_counter() - begun]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
