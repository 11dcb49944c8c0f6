"""A server that answers, or does not, exactly as a test wants it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"MessageId": "1"}'
ENV = {
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": "eu-west-1",
}
PATIENT_S = 60.0
"""Time for a whole call where a test is not about time: of half of it, the ingress' own limit, a
busy machine may make a second try, which AWS or its stand-in then sees."""
Serve = Callable[[socket.socket, int], None]


@contextmanager
def listening(serve: Serve) -> Iterator[str]:
    """A server; `serve` gets each connection and its number, and closes it by returning."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def run(target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()  # first: what is joined must have begun
        threads.append(thread)

    def talk(connection: socket.socket, number: int) -> None:
        with connection, suppress(ConnectionError):  # who has heard enough hangs up
            serve(connection, number)

    def accept() -> None:
        for number in range(100):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            run(talk, connection, number)

    run(accept)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join(timeout=30)


def read_request(connection: socket.socket) -> bytes:
    """One request; empty when the connection was closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
