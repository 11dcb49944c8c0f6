"""Server-side request forgery: an attachment's address leads to Discord's servers or nowhere."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from protege.app import App
from protege.attachments import Attachments
from protege.errors import UserError
from tests.person import Person, configured
from tests.recorder import Recorder
from tests.security.tally import Attacks

ATTACK = "addresses of attachments"
HERE = "127.0.0.1"
CDN = "cdn.discordapp.com"
PRIVATE = (
    "127.0.0.1", "127.1", "127.0.0.1.", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "127.000.000.001", "10.0.0.1", "172.16.0.1", "192.168.0.1",
    "169.254.169.254", "169.254.170.2", "2852039166", "100.64.0.1", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fe80::1%25eth0]",
    "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "LOCALHOST",
    "localhost.localdomain", "metadata.google.internal", "instance-data", "127.0.0.1.nip.io",
    "localtest.me", "xn--localhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1",
)  # fmt: skip
"""Spellings of this machine, its network and what a cloud tells its machines."""
ALMOST = (
    f"{CDN}.", f"{CDN}.evil.example", f"evil.example/{CDN}", f"x{CDN}", f"{CDN}x", CDN.upper(),
    f"{CDN}:443", f"{CDN}:80", f"{CDN}:22", f"{CDN}:", f"{CDN}:443@evil.example", f"x@{CDN}",
    f"{CDN}@evil.example", f"{CDN}%40evil.example", f"evil.example#@{CDN}", f"evil.example?@{CDN}",
    f"evil.example\\@{CDN}", f"{CDN}\\@evil.example", f"{CDN}%2f@evil.example", f"[{CDN}]",
    f"{CDN}]", f"[{CDN}", f"{CDN}\t.evil.example", "cdn.disc\tordapp.com", f"{CDN}\n", f"\n{CDN}",
    f"{CDN} ", f" {CDN}", f"{CDN}\x00.evil.example", f"{CDN}\r\nHost: evil.example",
    f"{CDN}\u2044@evil.example", f"{CDN}\uff0f@evil.example", f"{CDN}%00.evil.example", "",
    "cdn。discordapp。com", "cdn.discordapp.cоm", "cdn.dıscordapp.com", "cdn.diѕcordapp.com",
    "discord.com", "discordapp.com", f"media.{CDN}", "cdn.discordapp.com.s3.amazonaws.com",
)  # fmt: skip
SCHEMES = (
    "http", "HTTPS ", "ftp", "file", "gopher", "dict", "data", "jar", "ldap", "unix", "netdoc",
    "javascript", "https\t", "\x00https", "", "//", "https:https",
)  # fmt: skip


def refused(url: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether it is told in words that we do not read from there, before anything is asked."""
    try:
        Attachments(more, 1).open("a.txt", url, 1)
    except UserError as error:
        return "only from Discord" in str(error)
    return False


def test_our_own_network_is_not_read(attacks: Attacks) -> None:
    for host in PRIVATE:
        for scheme in ("http", "https"):
            for port in ("", ":80", ":443", ":8080"):
                url = f"{scheme}://{host}{port}/latest/meta-data"
                attacks.stopped(refused(url), url)
                attacks.stopped(refused(url, frozenset({"10.1.1.1:80"})), url)


def test_almost_discord_is_not_discord(attacks: Attacks) -> None:
    assert not refused(f"https://{CDN}/a"), "else nothing below proves anything"
    for host in ALMOST:
        attacks.stopped(refused(f"https://{host}/attachments/1/2/a.txt"), host)
        attacks.stopped(refused(f"https://{host}"), host)
        attacks.stopped(refused(f"//{host}/a"), host)
    for scheme in SCHEMES:
        attacks.stopped(refused(f"{scheme}://{CDN}/a"), scheme)
        attacks.stopped(refused(f"{scheme}:{CDN}/a"), scheme)
        attacks.stopped(refused(f"{scheme}:/{CDN}/a"), scheme)


def test_a_host_that_an_operator_allows_allows_no_other(attacks: Attacks) -> None:
    more = frozenset({"files.example:8080"})
    assert not refused("http://files.example:8080/a", more)
    for host in ("files.example", "files.example:80", "files.example:8080@evil.example"):
        for scheme in ("http", "https", "ftp"):
            attacks.stopped(refused(f"{scheme}://{host}/a", more), (scheme, host))
    attacks.stopped(refused("ftp://files.example:8080/a", more), "ftp")


PARTS = (CDN, "evil.example", "https", "http", *"://@#?\\%[].; \t\r\n\0", "%2f", "%40", "。", "80")


@seed(1)
@settings(max_examples=1500, database=None)
@given(st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
def test_who_checks_and_who_connects_see_the_same_host(rest: str) -> None:
    for url in (f"https://{rest}", f"https://{CDN}{rest}", rest):
        if refused(url):
            continue
        try:
            found = parse_url(url)
        except LocationParseError:
            continue
        assert (found.scheme, found.host, found.port) == ("https", CDN, None), url


class Spy(BaseHTTPRequestHandler):
    """Writes down that it was asked."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        status, where = MOVES.get(self.path, (200, ""))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if where:
            self.send_header("Location", where.format(port=self.server.server_port))  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


TARGETS = ("http://localhost:{port}/secret", "/secret", "//127.0.0.1:{port}/secret", "file:///etc")
MOVES = {
    f"/{status}/{number}": (status, where)
    for status in (301, 302, 303, 307, 308)
    for number, where in enumerate(TARGETS)
}


@pytest.fixture
def spy() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer((HERE, 0), Spy)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_redirect_is_followed(spy: ThreadingHTTPServer, attacks: Attacks) -> None:
    host = f"{HERE}:{spy.server_port}"
    reader = Attachments(frozenset({host}), 1)
    for path in MOVES:
        with pytest.raises(UserError):
            b"".join(reader.open("a", f"http://{host}{path}", 1))
        attacks.stopped(spy.asked[-1] == path, path)  # type: ignore[attr-defined]


def test_nothing_is_asked_of_this_machine_whatever_a_command_brings(
    discord: Recorder, tmp_path: object, spy: ThreadingHTTPServer, attacks: Attacks
) -> None:
    """Through the front door, with no host allowed but Discord's own."""
    app: App = configured(discord, str(tmp_path), ATTACHMENT_HOSTS="")
    eve, port = Person(app, discord), spy.server_port
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", f"{CDN}@127.0.0.1"):
        file = {"id": "900", "filename": "a.txt", "url": f"http://{host}:{port}/a", "size": 3}
        for command, options in (("ask", {"question": "?", "file": file}), ("train", file)):
            given = options if command == "ask" else {"attachment": file}
            eve.slash(command, **given)
            attacks.stopped("only from Discord" in eve.sees, (command, host, eve.sees))
    attacks.stopped(spy.asked == [], spy.asked)  # type: ignore[attr-defined]
