"""A websocket out of a request that came to a WSGI server."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Request
from websockets.http11 import Request as Opening
from websockets.server import ServerProtocol
from websockets.sync.connection import Connection

CLOSE_S = 1.0


@contextmanager
def accepted(request: Request) -> Iterator[Connection]:
    """The connection, once it is one: whatever the client did wrong, it is told in HTTP before.

    Raises ConnectionRefusedError where it was no websocket's request.
    """
    socket = request.environ["werkzeug.socket"].dup()  # ours is closed, the server's is its own
    protocol = ServerProtocol(max_size=None)
    protocol.receive_data(_raw(request))  # it wants to have read the request itself
    opening = next(it for it in protocol.events_received() if isinstance(it, Opening))
    response = protocol.accept(opening)
    protocol.send_response(response)
    for data in protocol.data_to_send():
        socket.sendall(data)
    if response.status_code != 101:
        raise ConnectionRefusedError
    connection = Connection(socket, protocol, ping_interval=None, close_timeout=CLOSE_S)
    try:
        yield connection
    finally:
        connection.close()


def _raw(request: Request) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers)
    return f"GET {request.full_path} HTTP/1.1\r\n{headers}\r\n".encode("latin-1")
