"""Downloads of `make serve`: only who was given a link opens it, and no longer than it lives."""

import hmac
import string
from functools import partial
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from protege.app import App
from protege.server.endpoint import endpoint
from tests.security.tally import Attacks

ATTACK = "download links"
KEY, OTHER = "guilds/77/datasets/faq/rows.jsonl", "guilds/78/datasets/faq/rows.jsonl"
BODY, SECRET = b"what guild 77 was told", b"what guild 78 was told"


@pytest.fixture
def web(app: App) -> Client:
    app.files.write(KEY, BODY)
    app.files.write(OTHER, SECRET)
    return Client(endpoint(app))


def made(app: App, key: str = KEY, name: str = "rows.jsonl") -> tuple[str, dict[str, str]]:
    """Path and query of a link."""
    parts = urlsplit(app.files.link(key, seconds=900, name=name))
    return parts.path, {field: value for field, [value] in parse_qs(parts.query).items()}


def shut(web: Client, path: str, query: str | dict[str, str]) -> bool:
    answer = web.get(path, query_string=query)
    return (
        answer.status_code in (403, 404) and BODY not in answer.data and SECRET not in answer.data
    )


def test_no_character_of_a_link_may_change(app: App, web: Client, attacks: Attacks) -> None:
    path, query = made(app)
    assert web.get(path, query_string=query).data == BODY
    for field, value in query.items():
        for at in range(len(value)):
            for other in ("0", "f", "x", "%", ""):
                forged = value[:at] + other + value[at + 1 :]
                if forged != value:
                    attacks.stopped(shut(web, path, {**query, field: forged}), (field, forged))
        rest = {key: kept for key, kept in query.items() if key != field}
        attacks.stopped(shut(web, path, rest), f"without {field}")
    for at in range(len("/files/"), len(path)):
        for other in ("8", "/", "%2e", "..", ""):
            forged = path[:at] + other + path[at + 1 :]
            if unquote(forged) != unquote(path):
                attacks.stopped(shut(web, forged, query), forged)


def test_a_link_of_one_guild_opens_nothing_of_another(
    app: App, web: Client, attacks: Attacks
) -> None:
    path, query = made(app)
    theirs, _ = made(app, OTHER)
    for way in (
        theirs, f"/files/{OTHER}", "/files/guilds/77/../78/datasets/faq/rows.jsonl", f"{path}/../x",
        f"/files/{OTHER}%00{KEY}", f"/files//{OTHER}", f"/files/{KEY}/../../../../../{OTHER}",
        "/files/../records.sqlite", "/files/%2e%2e/links.key", "/files/..%5clinks.key", "/files/",
        f"/files/{KEY}%2f..%2f..%2f..%2f..%2f{OTHER}", f"/files/./{KEY}", f"/files/{KEY}.",
        f"/files/{KEY.upper()}", f"/files/{KEY}%20", "/files", "/FILES/" + KEY,
    ):  # fmt: skip
        attacks.stopped(shut(web, way, query), way)


def test_a_field_that_comes_twice_is_not_chosen_from(
    app: App, web: Client, attacks: Attacks
) -> None:
    path, query = made(app)
    for field in query:
        forged = urlencode({field: "9999999999"})
        attacks.stopped(shut(web, path, f"{forged}&{urlencode(query)}"), field)
    many = "&".join(f"a{number}=1" for number in range(20_000))
    attacks.stopped(shut(web, path, many), "many fields")


def test_a_link_dies(app: App, web: Client, attacks: Attacks) -> None:
    path, query = made(app)
    until = int(query["until"])
    for later in (0.0, 0.5, 1.0, 900.0, 10.0**9):
        app.links._now = partial(float, until + later)
        attacks.stopped(shut(web, path, query), later)


def test_nobody_else_s_signature_opens_a_file(app: App, web: Client, attacks: Attacks) -> None:
    """Of plausible secrets, none is it; and the lengths are signed along."""
    path, query = made(app)
    key = unquote(path).removeprefix("/files/")
    said = "".join(f"{len(f)}:{f}" for f in (query["until"], key, query["name"]))
    for secret in (b"", b"secret", bytes(32), b"links.key", app.public_key, b"0" * 64):
        forged = hmac.digest(secret, said.encode(), "sha256").hex()
        attacks.stopped(shut(web, path, {**query, "sig": forged}), secret)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = web.open(path, method=method, query_string=query)
        attacks.stopped(answer.status_code in (404, 405), method)
    attacks.stopped(app.files.read(KEY) == BODY, "the file changed")


@pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=-5", "bytes=0-0,1-1", "bytes=9999-", "x"])
def test_a_range_gives_no_more_than_the_file(
    wanted: str, app: App, web: Client, attacks: Attacks
) -> None:
    path, query = made(app)
    answer = web.get(path, query_string=query, headers={"Range": wanted})
    attacks.stopped(answer.data in BODY and answer.status_code in (200, 206, 416), answer.data)
    forged = web.get(path, query_string={**query, "sig": "0"}, headers={"Range": wanted})
    attacks.stopped(forged.status_code == 403, forged.status)


@seed(1)
@settings(
    max_examples=150, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(string.printable, max_size=80), st.text(max_size=60))
def test_whatever_is_asked_for_is_refused_without_a_crash(
    app: App, web: Client, rest: str, query: str
) -> None:
    answer = web.get("/files/" + rest.replace("#", "").replace("?", ""), query_string=query)
    assert answer.status_code in (403, 404)
