"""What listens on this machine's loopback, made reachable for containers."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

PIECE = 65_536


class _Forwarder(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, address: str, to_port: int) -> None:
        super().__init__((address, 0), socketserver.BaseRequestHandler)
        self._to_port = to_port

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own: copy both ways until both ends are done."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._to_port)) as there:
            back = threading.Thread(target=_copy, args=(there, request), daemon=True)
            back.start()
            _copy(request, there)
            back.join()


def _copy(given: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while piece := given.recv(PIECE):
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)


@contextmanager
def forwarded(address: str, to_port: int) -> Iterator[int]:
    """A port of `address` that leads to a port of 127.0.0.1. Raises OSError."""
    with _Forwarder(address, to_port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()
