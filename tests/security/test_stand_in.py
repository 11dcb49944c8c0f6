"""The playground's own page: no other page in the same browser reads or writes there."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.discord.server import Server
from tests.security.tally import Attacks

ATTACK = "other pages and the playground"
PATHS = ("/", "/playground/exchanges", "/playground/violations", "/api/v10/applications/@me")
HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.2", "0.0.0.0",
    "[::1]", "evil.example:80", "evil@127.0.0.1", "127.0.0.1,evil.example", "", "x127.0.0.1",
)  # fmt: skip
ORIGINS = (
    "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1", "file://",
    "http://127.0.0.1:1", "http://127.0.0.1:{port}.evil.example", "http://evil@127.0.0.1:{port}",
    "http://localhost:{port}", "chrome-extension://abc",
)  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as it:
        yield it


def status(server: Server, method: str, path: str, **headers: str) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        asked.request(method, path, b"{}", headers)
        answer = asked.getresponse()
        answer.read()
        return answer.status
    finally:
        asked.close()


def test_other_pages_are_refused(server: Server, attacks: Attacks) -> None:
    here = {"Host": server.host, "Origin": f"http://{server.host}"}
    assert status(server, "GET", "/", **here) == 200
    for path in PATHS:
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            for host in HOSTS:
                code = status(server, method, path, Host=host)
                attacks.stopped(code in (400, 403), (method, path, host, code))
            for origin in ORIGINS:
                headers = {**here, "Origin": origin.format(port=server.port)}
                code = status(server, method, path, **headers)
                attacks.stopped(code == 403, (method, path, origin, code))


def test_nobody_outside_this_machine_reaches_it(server: Server, attacks: Attacks) -> None:
    attacks.stopped(server.host.startswith("127.0.0.1:"), server.host)
    with socket.socket() as other:
        code = other.connect_ex(("127.0.0.2", server.port))
    attacks.stopped(code != 0, "it listens on other addresses too")


def test_the_page_runs_no_script_but_its_own(server: Server, attacks: Attacks) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    asked.request("GET", "/", headers={"Host": server.host})
    answer = asked.getresponse()
    policy, page = answer.headers["Content-Security-Policy"], answer.read().decode()
    asked.close()
    for wanted in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        attacks.stopped(wanted in policy, policy)
    for risky in ("unsafe-inline", "unsafe-eval", "*"):
        attacks.stopped(risky not in policy, policy)
    attacks.stopped(" onclick=" not in page and "<script>" not in page, "inline script")
