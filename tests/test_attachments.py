"""Fetching what people attach: as a stream, and no further than allowed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from protege.attachments import CHUNK, Attachments
from protege.errors import UserError

MB = 1 << 20


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(body)
        except OSError:
            GONE.set()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/endless": (200, {"Content-Type": "application/json"}, b"x" * MB),
    "/moved": (302, {"Location": "http://169.254.169.254/latest", "Content-Length": "0"}, b""),
    "/cut": (200, {"Content-Length": "5000"}, b"x"),
    "/packed": (200, {"Content-Encoding": "gzip", "Content-Length": "600"}, b"\x1f\x8b\x08"),
}
GONE = threading.Event()


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def opened(host: str, path: str, size: int = 1) -> Iterator[bytes]:
    return Attachments(frozenset({host}), 2).open("a.txt", f"http://{host}{path}", size)


def test_bytes_come_as_they_arrive_and_stop_at_the_limit(host: str) -> None:
    GONE.clear()
    count = 0
    with pytest.raises(UserError, match="larger than 2 MB"):
        for chunk in opened(host, "/endless"):
            assert len(chunk) <= CHUNK
            count += len(chunk)
    assert count <= 2 * MB
    assert GONE.wait(60), "the connection is closed, not read to its end"


def test_a_redirect_is_not_followed(host: str) -> None:
    with pytest.raises(UserError, match="302"):
        list(opened(host, "/moved"))


def test_a_broken_connection_is_told_and_not_taken_for_the_end(host: str) -> None:
    with pytest.raises(UserError, match="did not arrive"):
        list(opened(host, "/cut"))


def test_what_the_server_says_of_the_encoding_unpacks_nothing(host: str) -> None:
    assert b"".join(opened(host, "/packed")) == b"\x1f\x8b\x08" * 200


def test_foreign_hosts_and_declared_sizes_are_refused_before_anything_is_asked(host: str) -> None:
    with pytest.raises(UserError, match="larger than"):
        opened(host, "/endless", 3 * MB)
    for url in (f"http://{host}@evil.example/a", "https://cdn.discordapp.com.evil.example/a"):
        with pytest.raises(UserError, match="only from Discord"):
            Attachments(frozenset({host}), 2).open("a", url, 1)
