"""The image's health check."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from voice_worker.probe import healthy


class _Answering(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.mark.parametrize(("status", "good"), [(200, True), (503, False)])
def test_the_probe_says_what_the_worker_says(status: int, good: bool) -> None:
    answering = type("Answering", (_Answering,), {"status": status})
    with HTTPServer(("127.0.0.1", 0), answering) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert healthy(server.server_port) is good
        thread.join()


def test_a_worker_that_does_not_listen_is_not_healthy() -> None:
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        port = server.server_port
    assert not healthy(port)
