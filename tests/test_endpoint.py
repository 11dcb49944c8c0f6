"""The HTTP half of `make serve`: one path for Discord, one for supervisors, nothing else."""

import http.client
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from waitress.server import create_server

from protege.app import App
from protege.server.endpoint import LARGEST_BODY, endpoint
from tests.person import KEY
from tests.serving import end

Ask = Any
PING = b'{"type":1}'


@pytest.fixture
def ask(app: App) -> Iterator[Ask]:
    """Sends a request to a running server; status, type and body of the answer."""
    server: Any = create_server(endpoint(app), host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run)
    thread.start()

    def ask(method: str, path: str, **more: Any) -> tuple[int, str | None, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
        connection.request(method, path, **more)
        answer = connection.getresponse()
        found = answer.status, answer.getheader("Content-Type"), answer.read()
        connection.close()
        return found

    yield ask
    end(server, thread)


def signed(body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    signature = KEY.sign(timestamp.encode() + body).signature.hex()
    return {"x-signature-ed25519": signature, "X-SIGNATURE-TIMESTAMP": timestamp}


def test_a_ping_is_answered_whatever_the_case_of_its_headers(ask: Ask) -> None:
    answer = ask("POST", "/interactions", body=PING, headers=signed(PING))
    assert answer == (200, "application/json", b'{"type": 1}')


def test_a_body_that_comes_in_chunks_is_read_whole(ask: Ask) -> None:
    parts = {"body": iter([PING[:4], PING[4:]]), "encode_chunked": True}
    headers = signed(PING) | {"Transfer-Encoding": "chunked"}
    assert ask("POST", "/interactions", headers=headers, **parts)[0] == 200


def test_without_a_signature_there_is_no_entry(ask: Ask) -> None:
    assert ask("POST", "/interactions", body=PING)[0] == 401
    assert ask("POST", "/interactions")[0] == 401


def test_a_body_too_large_is_not_looked_at(ask: Ask) -> None:
    body = b" " * (LARGEST_BODY + 1)
    assert ask("POST", "/interactions", body=body, headers=signed(body))[0] == 413


def test_supervisors_learn_that_it_lives(ask: Ask) -> None:
    assert ask("GET", "/healthz") == (200, "application/json", b'{"ok":true}')


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/interactions", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/interactions/", 404),
    ],
)
def test_there_is_nothing_else(ask: Ask, method: str, path: str, status: int) -> None:
    assert ask(method, path)[0] == status
