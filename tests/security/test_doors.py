"""HTTP itself: odd headers, bodies and connections, at each of our doors."""

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from functions.ingress.app import handler
from protege.app import app as process_app
from tests.person import KEY
from tests.security.tally import Attacks

ATTACK = "headers, bodies, connections"
TEXT = '{"type":1}'
PING = TEXT.encode()
SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"


def signed(body: bytes = PING) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {SIGNATURE: KEY.sign(timestamp.encode() + body).signature.hex(), TIMESTAMP: timestamp}


# ---- the function ------------------------------------------------------------------------------


@pytest.fixture
def on_lambda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", KEY.verify_key.encode().hex())
    process_app.cache_clear()
    yield
    process_app.cache_clear()


def status(headers: Any, body: Any = TEXT, encoded: bool = False) -> int:
    event = {"headers": headers, "body": body, "isBase64Encoded": encoded}
    found: int = handler(event, None)["statusCode"]
    return found


def odd_headers() -> Iterator[dict[str, Any]]:
    """Each a small change of good headers."""
    good = signed()
    signature, timestamp = good[SIGNATURE], good[TIMESTAMP]
    wide = timestamp.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    for odd in ("", " ", f" {signature}", f"{signature} ", f"{signature},{signature}", "0" * 128):
        yield {**good, SIGNATURE: odd}
    for odd in (f"{signature}\n", f"0x{signature}", signature[:-1], signature * 2, "f" * 1_000_000):
        yield {**good, SIGNATURE: odd}
    for odd in (f"{signature[:64]}:{signature[64:]}", signature.replace("a", "а"), "\ud800", "[]"):
        yield {**good, SIGNATURE: odd if odd != signature else "х"}
    for odd in ("", " ", f" {timestamp}", f"{timestamp} ", f"{timestamp},{timestamp}", wide):
        yield {**good, TIMESTAMP: odd}
    for odd in (f"+{timestamp}", f"-{timestamp}", f"0{timestamp}", f"{timestamp}.0", "1e9", "inf"):
        yield {**good, TIMESTAMP: odd}
    for odd in ("9" * 5_000, f"{timestamp}\0", f"{timestamp[:3]}_{timestamp[3:]}", "٢", "²", "nan"):
        yield {**good, TIMESTAMP: odd}
    for name in (SIGNATURE, TIMESTAMP):
        yield {key: value for key, value in good.items() if key != name}
        yield {key if key != name else key.replace("-", "_"): value for key, value in good.items()}
        yield {key if key != name else f"{key} ": value for key, value in good.items()}
    yield {SIGNATURE: timestamp, TIMESTAMP: signature}


BYPASSES = (
    {"test": "true"}, {"X-Test": "1"}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Debug": "1"},
    {"User-Agent": "Discord-Interactions/1.0 (+https://discord.com)"}, {"Host": "localhost"},
    {"X-Original-URL": "/healthz"}, {"X-HTTP-Method-Override": "GET"}, {"Authorization": "Bot x"},
    {"X-Amzn-Trace-Id": "Root=1;Sampled=1"}, {"Content-Type": "text/plain"}, {"__proto__": "x"},
)  # fmt: skip


@pytest.mark.usefixtures("on_lambda")
def test_odd_headers_open_no_door(attacks: Attacks) -> None:
    assert status(signed()) == 200
    for headers in odd_headers():
        attacks.stopped(status(headers) == 401, headers)
    for more in (*BYPASSES, None, {}):
        attacks.stopped(status(more) == 401, more)
    for more in BYPASSES:
        attacks.stopped(status({**signed(), **more}) == 200, more)
        attacks.stopped(status({**signed(), SIGNATURE: "0" * 128, **more}) == 401, more)


@pytest.mark.usefixtures("on_lambda")
def test_a_header_that_comes_twice_is_not_chosen_from(attacks: Attacks) -> None:
    """Names differ in case only: whichever is taken, it has to be the good one."""
    good, forged = signed(), {SIGNATURE.lower(): "0" * 128}
    attacks.stopped(status({**good, **forged}) == 401, "the forged one last")
    twice = {**good, SIGNATURE: f"{good[SIGNATURE]}, {'0' * 128}"}
    attacks.stopped(status(twice) == 401, "joined")


@pytest.mark.usefixtures("on_lambda")
def test_bodies_in_broken_base64_are_refused(attacks: Attacks) -> None:
    good = base64.b64encode(PING).decode()
    assert status(signed(), good, encoded=True) == 200
    others = (
        "a",
        "====",
        "a===",
        "%%%",
        "é",
        "\ud800",
        good[:-2],
        good * 2,
        "",
        None,
        "\0",
        "A" * 7,
    )
    for other in others:
        attacks.stopped(status(signed(), other, encoded=True) == 401, other)
        attacks.stopped(status(signed(), other) == 401, other)
    attacks.stopped(status(signed(), good) == 401, "not said to be base64")
    attacks.stopped(status(signed(), PING.decode(), encoded=True) == 401, "said to be base64")
    large = "x" * (6 << 20)
    attacks.stopped(status(signed(), large) == 401, "6 MB")
    attacks.stopped(status(signed(large.encode()), large) == 400, "6 MB, signed")
