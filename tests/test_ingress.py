"""What Discord gets from the endpoint."""

import json
import time
from collections.abc import Iterator

import pytest
from nacl.signing import SigningKey

from functions.ingress.app import handler
from protege.app import App
from protege.app import app as process_app
from protege.errors import BotError, Missing, Unavailable
from protege.ingress import respond
from tests.person import KEY, Person, configured
from tests.recorder import Recorder

PING = b'{"type":1}'


def signed(body: bytes, timestamp: str = "", key: SigningKey = KEY) -> tuple[str, str]:
    timestamp = timestamp or str(int(time.time()))
    return key.sign(timestamp.encode() + body).signature.hex(), timestamp


def test_ping_is_answered_with_pong(ada: Person) -> None:
    assert ada.send(PING) == (200, b'{"type": 1}')


def unwelcome() -> dict[str, tuple[str, str]]:
    """Signatures and timestamps that Discord would not send."""
    now = str(int(time.time()))
    return {
        "nothing": ("", ""),
        "zeros": ("00" * 64, "1"),
        "no hex": ("zz" * 64, "1"),
        "short": ("00", "1"),
        "no timestamp": (signed(PING)[0], ""),
        "no number": (signed(PING)[0], "not a number"),
        "spaces": (signed(PING)[0][:-2] + "  ", now),
        "another key": signed(PING, key=SigningKey.generate()),
        "stale": signed(PING, "1"),
        "early": signed(PING, str(int(time.time()) + 3600)),
        "another body": signed(b"something else"),
        "other alphabets": ("é" * 128, "１２３"),
    }


@pytest.mark.parametrize("name", unwelcome())
def test_a_forged_missing_malformed_or_stale_signature_is_401_without_detail(
    app: App, name: str
) -> None:
    signature, timestamp = unwelcome()[name]
    assert respond(app, PING, signature, timestamp) == (401, b'{"error":"unauthorized"}')


def test_any_age_is_accepted_where_the_limit_is_off(discord: Recorder, tmp_path: object) -> None:
    app = configured(discord, str(tmp_path), SIGNATURE_MAX_AGE_S="0")
    assert respond(app, PING, *signed(PING, "1")).status == 200


NONSENSE = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"text"',
    b"{}",
    b'{"type":99}',
    b'{"type":"2"}',
    b'{"type":2}',
    b"[" * 100_000,
    b'{"type":2,"id":"1","application_id":"1","token":"t","data":[]}',
    b'{"type":2,"id":1,"application_id":"1","token":"t","data":{"name":"hi"},"user":{"id":"1"}}',
    b'{"type":2,"id":"1","application_id":"1","token":"t","data":{"name":"hi"},"user":{"id":"x"}}',
    b'{"type":2,"id":"1","application_id":"1","token":"t","data":{"name":7},"user":{"id":"1"}}',
    b'{"type":2,"id":"1","application_id":"1","token":"t","data":{"name":"\\ud800"},"user":{"id":"1"}}',
    b'{"type":2,"id":"1","application_id":"1","token":"t","user":{"id":"1"},'
    b'"data":{"name":"ask","options":[{"name":"file","type":11,"value":"7"}]}}',
    '{"type":1}'.encode("utf-16"),
]


@pytest.mark.parametrize("body", NONSENSE)
def test_signed_nonsense_is_400(ada: Person, body: bytes) -> None:
    assert ada.send(body) == (400, b'{"error":"malformed"}')


def test_hi_is_answered_at_once_in_the_persons_language(ada: Person) -> None:
    assert ada.slash("hi")["data"]["content"] == "HI!"
    ada.locale = "ru"
    assert ada.slash("hi")["data"]["content"] == "ПРИВЕТ!"
    assert ada.discord.calls == [], "nothing was left for later"


def test_a_slow_command_is_deferred_in_public_and_queued(ada: Person) -> None:
    body = json.dumps(ada.command("ask", question="why?")).encode()
    assert ada.send(body) == (200, b'{"type": 5}')
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery and delivery.body.encode() == body


def test_every_character_survives_the_queue_and_too_many_are_400(ada: Person) -> None:
    strange = "\ufffe\U0001f600 ё \x7f"
    payload = ada.command("ask", question=strange)
    assert ada.send(json.dumps(payload, ensure_ascii=False).encode())[0] == 200
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery and json.loads(delivery.body) == payload
    assert ada.send(json.dumps({**payload, "id": "7", "padding": "x" * 300_000}).encode())[0] == 400


def test_a_private_command_is_deferred_in_private(ada: Person) -> None:
    assert ada.slash("feedback", feedback_text="nice") == {"type": 5, "data": {"flags": 64}}


def test_a_second_delivery_gets_the_first_answer_and_is_queued_once(ada: Person) -> None:
    body = json.dumps(ada.command("ask", question="why?")).encode()
    assert ada.send(body) == ada.send(body)
    assert ada.app.queue.receive(wait_s=0, lease_s=60)
    assert ada.app.queue.receive(wait_s=0, lease_s=60) is None


def test_an_unknown_command_is_admitted_politely(ada: Person) -> None:
    answer = ada.slash("long-gone")
    assert "no longer know" in answer["data"]["content"] and answer["data"]["flags"] == 64


def test_an_unknown_button_is_admitted_politely(ada: Person) -> None:
    assert "no longer know" in ada.press("long_gone:1")["data"]["content"]


def test_a_button_for_trainers_refuses_others(ada: Person) -> None:
    ada.permissions = "0"
    assert "Manage Server" in ada.press("edit_instruction:")["data"]["content"]


def test_a_person_is_their_own_trainer_in_a_private_chat(ada: Person) -> None:
    ada.guild, ada.permissions = "", "0"
    assert ada.press("edit_instruction:")["type"] == 9


@pytest.mark.parametrize("error", [Unavailable, Missing])
def test_a_queue_that_fails_is_told_in_words_and_asked_again_next_time(
    ada: Person, error: type[BotError]
) -> None:
    body = json.dumps(ada.command("ask", question="why?")).encode()

    class Down:
        def put(self, body: str, *, delay_s: int = 0) -> str:
            raise error("no route")

    real = ada.app.queue
    ada.app.__dict__["queue"] = Down()
    status, answer = ada.send(body)
    assert status == 200 and "try again" in json.loads(answer)["data"]["content"]
    ada.app.__dict__["queue"] = real
    assert ada.send(body) == (200, b'{"type": 5}')


@pytest.fixture
def lambda_env(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", KEY.verify_key.encode().hex())
    process_app.cache_clear()
    yield
    process_app.cache_clear()


@pytest.mark.usefixtures("lambda_env")
@pytest.mark.parametrize(
    "name", ["X-Signature-Ed25519", "x-signature-ed25519", "X-SIGNATURE-ED25519"]
)
def test_header_names_come_in_any_case_and_bodies_in_base64(name: str) -> None:
    signature, timestamp = signed(PING)
    headers = {name: signature, name.lower().replace("ed25519", "timestamp"): timestamp}
    event = {"headers": headers, "body": "eyJ0eXBlIjoxfQ==", "isBase64Encoded": True}
    assert handler(event, None)["body"] == '{"type": 1}'
    assert (
        handler({**event, "body": PING.decode(), "isBase64Encoded": False}, None)["statusCode"]
        == 200
    )


@pytest.mark.usefixtures("lambda_env")
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": None, "body": None},
        {"headers": {}, "body": "a", "isBase64Encoded": True},
        {"headers": {}, "body": "\ud800"},
    ],
)
def test_an_event_without_signature_or_body_is_401(event: dict[str, object]) -> None:
    assert handler(event, None)["statusCode"] == 401
