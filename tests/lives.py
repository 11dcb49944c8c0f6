"""Processes that report when they are born and whose death is noticed."""

import socket
import sys
from pathlib import Path

LISTENER = """
import os, socket, sys
talk = socket.create_connection(("127.0.0.1", int(os.environ["TALK"])))
talk.sendall(b"%d\\n" % os.getpid())
print("the worker speaks", file=sys.stderr, flush=True)
talk.recv(1)
os._exit(int(os.environ.get("CODE", "0")))
"""
PATIENCE_S = 120.0


def program_in(folder: Path) -> str:
    """A command that reports to the desk at port `TALK`, and ends when it is answered."""
    path = folder / "a worker.py"
    path.write_text(LISTENER)
    return f"{sys.executable} '{path}'"


def died(call: socket.socket) -> bool:
    """Whether the worker at the other end is gone; waits for it."""
    try:
        return call.recv(1) == b""
    except ConnectionResetError:
        return True


class Desk:
    """Where started workers report; a connection stands for a life."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(PATIENCE_S)
        self.port = self._server.getsockname()[1]
        self._calls: list[socket.socket] = []

    def born(self) -> tuple[int, socket.socket]:
        """The pid of the next worker, and what tells of its death."""
        call, _ = self._server.accept()
        call.settimeout(PATIENCE_S)
        self._calls.append(call)
        return int(call.makefile().readline()), call

    def nobody_else(self) -> bool:
        """Whether no other one reported until now."""
        self._server.settimeout(0.3)
        try:
            self._server.accept()[0].close()
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        for call in self._calls:
            call.close()
        self._server.close()
