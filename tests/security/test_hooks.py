"""Webhooks that no provider sent: forged, changed, old, repeated, or signed nonsense."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from protege.app import App
from protege.providers.standard_webhooks import verify
from protege.webhooks import hear
from tests.person import configured
from tests.recorder import Recorder
from tests.security.tally import Attacks
from tests.test_webhooks import KEY, SECRET, due, event, signed, waiting

ATTACK = "webhook forgeries"
NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


@pytest.fixture
def bot(discord: Recorder, tmp_path: Path) -> App:
    return configured(discord, str(tmp_path), OPENAI_WEBHOOK_SECRET=SECRET)


def refused(bot: App, body: bytes, headers: dict[str, str]) -> bool:
    """Refused, and no job wakes."""
    return hear(bot, body, headers).status == 401 and due(bot) == []


def bits(text: bytes) -> list[bytes]:
    """The bytes with each single bit turned over."""
    whole = int.from_bytes(text, "big")
    return [(whole ^ (1 << bit)).to_bytes(len(text), "big") for bit in range(8 * len(text))]


def test_no_bit_of_an_event_may_change(bot: App, attacks: Attacks) -> None:
    waiting(bot)
    body, now = event(), int(bot.now())
    headers = signed(body, at=now)
    assert hear(bot, body, headers).status == 200 and len(due(bot)) == 1
    for other in bits(body)[::3]:
        attacks.stopped(refused(bot, other, headers), other)
    for name in NAMES:
        for other in bits(headers[name].encode()):
            changed = {**headers, name: other.decode("latin-1")}
            attacks.stopped(refused(bot, body, changed), changed)


def test_signatures_are_taken_in_one_spelling_only(bot: App, attacks: Attacks) -> None:
    body = event()
    headers = signed(body)
    good = headers["webhook-signature"]
    digest = good.removeprefix("v1,")
    raw = base64.b64decode(digest)
    others = (
        digest, f"v1a,{digest}", f"v2,{digest}", f"V1,{digest}", f"v1:{digest}",
        f"v1,{digest}=", f"v1, {digest}", f"v1,{raw.hex()}", "v1,", "v1", "", f"v1,{digest},x",
        f"v1,{digest.rstrip('=')}", f"v1,{digest}\n", f"v1,{digest.swapcase()}", "v1," * 10_000,
        "v1,\ud800", "v1,é", f"v1,{digest}v1,{digest}", f"v1,{digest[:-1]}",
    )  # fmt: skip
    for other in others:
        attacks.stopped(refused(bot, body, {**headers, "webhook-signature": other}), other)


def test_time_and_identity_are_signed_too(bot: App, attacks: Attacks) -> None:
    body, now = event(), int(bot.now())
    bot.now = lambda: now + 0.5
    headers = signed(body, at=now)
    for odd in (
        "",
        "-1",
        "0",
        "1e9",
        f" {now}",
        f"{now}.0",
        "9" * 400,
        "１７９",
        "\ud800",
        f"+{now}",
    ):
        attacks.stopped(refused(bot, body, {**headers, "webhook-timestamp": odd}), odd)
    for off in (301, 302, 3600, 10**6):
        for at in (now - off, now + off):
            attacks.stopped(refused(bot, body, signed(body, at=at)), off)
    for name in NAMES:
        attacks.stopped(refused(bot, body, {k: v for k, v in headers.items() if k != name}), name)
    moved = {**headers, "webhook-id": f"evt_1.{now}", "webhook-timestamp": ""}
    attacks.stopped(refused(bot, body, moved), moved)
    attacks.stopped(refused(bot, b"", headers) and refused(bot, body * 2, headers), "body")


def test_no_other_secret_signs(bot: App, attacks: Attacks) -> None:
    body = event()
    near = [KEY[:-1], KEY + b"x", SECRET.encode(), b"", b"whsec_", KEY[::-1], KEY.upper()]
    for key in (*near, *bits(KEY)):
        attacks.stopped(refused(bot, body, signed(body, key=key)), key)


def nonsense() -> list[bytes]:
    """Signed, yet no event that the provider would send."""
    ids: list[Any] = [
        None,
        7,
        [],
        {},
        True,
        "x" * 3000,
        "a\x00b",
        "a\nb",
        "\ud800",
        "../x",
        " ",
        "ё",
    ]
    bodies = [event(data={"id": id}) for id in ids]
    odds: list[Any] = [None, 7, [], {"a": 1}, "fine_tuning.job.x"]
    bodies += [event(type=odd, data=None) for odd in odds]
    bodies += [event(data=odd) for odd in odds]
    bodies += [b"[" * 60_000, b'{"a":' * 10_000, b"\xff", b"", b"null", b"7", b'"x"', b"[]", b"{}"]
    return [*bodies, json.dumps(EVENT_TWICE).encode().replace(b"second", b"type")]


EVENT_TWICE = {"type": "fine_tuning.job.succeeded", "second": 7, "data": {"id": "ftjob-1"}}


def test_signed_nonsense_is_refused_and_breaks_nothing(bot: App, attacks: Attacks) -> None:
    waiting(bot)
    for body in nonsense():
        answer = hear(bot, body, signed(body))
        attacks.stopped(answer.status == 400 and due(bot) == [], (answer, body[:80]))
    large = event(padding="x" * (1 << 16))
    attacks.stopped(hear(bot, large, signed(large)).status == 413, "large")


def test_an_event_that_is_repeated_is_worked_on_once(bot: App, attacks: Attacks) -> None:
    """All its copies ask for one leg of one job, which is claimed once."""
    job, body = waiting(bot), event()
    headers = signed(body)
    for _ in range(10):
        hear(bot, body, headers)
    found = due(bot)
    wanted = {"job": job.id, "space": job.space, "leg": job.leg}
    attacks.stopped(all(wanted.items() <= one.items() for one in found), found)


ANY = st.text(st.characters(codec=None), max_size=40)


@seed(1)
@settings(max_examples=300, database=None)
@given(ANY, ANY, ANY | st.just("1000"), ANY.map("v1,{}".format), st.binary(max_size=40))
def test_the_check_never_raises(
    secret: str, id: str, timestamp: str, signatures: str, body: bytes
) -> None:
    for ours in (secret, f"whsec_{secret}"):
        assert not verify(ours, id, timestamp, signatures, body, now=1000.0)
