"""The slow half: once, whatever the queue, Discord or the process does."""

import json
import time
from typing import Any

import pytest

from protege.app import App
from protege.storage import Delivery
from protege.worker import work
from tests.person import DISCORD_EPOCH_MS, Person, configured
from tests.recorder import Recorder

Answer = tuple[int, dict[str, str], Any]
UNKNOWN_WEBHOOK: Answer = (404, {}, {"code": 10015, "message": "Unknown Webhook"})
INVALID_TOKEN: Answer = (401, {}, {"code": 50027, "message": "Invalid Webhook Token"})


@pytest.fixture(autouse=True)
def impatient(app: App, waits: list[float]) -> None:
    app.discord._pause = waits.append


@pytest.fixture
def waits() -> list[float]:
    """How long the bot would have waited between tries."""
    return []


def feedback(ada: Person, **changes: object) -> str:
    return json.dumps({**ada.command("feedback", feedback_text="nice"), **changes})


def delivered(body: str, id: str = "m1", receives: int = 1) -> Delivery:
    return Delivery(id, body, "receipt", receives)


def test_the_thinking_message_is_filled_in(ada: Person) -> None:
    ada.slash("feedback", feedback_text="nice")
    [call] = ada.discord.calls
    assert call.method == "PATCH" and call.path.endswith("/messages/@original")
    assert call.body["content"] == "Thank you, noted."
    assert call.body["allowed_mentions"] == {"parse": []}
    assert call.authorization == "", "an interaction's token needs no bot token"


def test_a_duplicate_delivery_sends_nothing_twice(ada: Person) -> None:
    body = feedback(ada)
    assert work(ada.app, [delivered(body, "m1"), delivered(body, "m2"), delivered(body)]) == []
    assert len(ada.discord.calls) == 1


def test_a_claim_held_by_another_worker_makes_the_message_come_again(ada: Person) -> None:
    body = feedback(ada)
    name = f"interaction-{json.loads(body)['id']}"
    assert ada.app.claims.take(name, "m1", 60) == "mine"
    assert work(ada.app, [delivered(body, "m2")]) == ["m2"]
    assert ada.discord.calls == []
    assert work(ada.app, [delivered(body, "m1", 2)]) == [], "the queue gave up on the first holder"
    assert len(ada.discord.calls) == 1


def test_one_bad_record_does_not_spoil_the_batch(ada: Person) -> None:
    batch = [delivered("not json", "bad"), delivered(feedback(ada), "good")]
    assert work(ada.app, batch) == ["bad"]
    assert ada.discord.contents() == ["Thank you, noted."]


def test_an_unexpected_error_is_told_with_a_reference_and_tried_again(ada: Person) -> None:
    body = feedback(ada)
    real = ada.app.answers
    ada.app.__dict__["answers"] = object()
    assert work(ada.app, [delivered(body)]) == ["m1"]
    assert json.loads(body)["id"] in ada.sees and "Reference" in ada.sees
    ada.app.__dict__["answers"] = real
    assert work(ada.app, [delivered(body, receives=2)]) == []
    assert ada.sees == "Thank you, noted."


def test_a_message_that_always_fails_becomes_a_dead_letter(ada: Person) -> None:
    ada.app.queue.put("not json")
    for _ in range(4):
        while delivery := ada.app.queue.receive(wait_s=0, lease_s=60):
            assert work(ada.app, [delivery])
            ada.app.queue.release(delivery.receipt)
    assert [letter.body for letter in ada.app.queue.dead()] == ["not json"]  # type: ignore[attr-defined]


def test_rate_limits_are_waited_out_as_the_answer_says(ada: Person, waits: list[float]) -> None:
    ada.discord.answers += [
        (429, {}, {"retry_after": 1.5}),
        (429, {"Retry-After": "2"}, None),
        (500, {}, None),
    ]
    ada.slash("feedback", feedback_text="nice")
    assert waits == [1.5, 2.0, 2.0] and len(ada.discord.calls) == 4


def test_an_early_404_is_tried_again(ada: Person, waits: list[float]) -> None:
    ada.discord.answers.append(UNKNOWN_WEBHOOK)
    ada.slash("feedback", feedback_text="nice")
    assert len(waits) == 1 and len(ada.discord.calls) == 2


def test_discord_being_down_fails_the_record_so_that_it_comes_again(ada: Person) -> None:
    ada.discord.answers += [(503, {}, None)] * 5
    body = feedback(ada)
    assert work(ada.app, [delivered(body)]) == ["m1"]
    assert work(ada.app, [delivered(body, receives=2)]) == []
    assert ada.sees == "Thank you, noted."


def old(seconds: int) -> str:
    return str((int((time.time() - seconds) * 1000) - DISCORD_EPOCH_MS) << 22)


@pytest.mark.parametrize("answer", [UNKNOWN_WEBHOOK, INVALID_TOKEN])
def test_after_the_token_ran_out_a_private_answer_goes_to_the_private_chat(
    ada: Person, answer: Answer
) -> None:
    ada.discord.answers.append(answer)
    assert work(ada.app, [delivered(feedback(ada, id=old(1000)))]) == []
    [_, opened, sent] = ada.discord.calls
    assert (opened.path, opened.body) == ("/users/@me/channels", {"recipient_id": ada.user})
    assert sent.path.startswith("/channels/14") and sent.authorization == "Bot bot-token"
    assert sent.body["enforce_nonce"] is True


def test_after_the_token_ran_out_a_public_answer_goes_to_the_channel(ada: Person) -> None:
    ada.discord.answers.append(UNKNOWN_WEBHOOK)
    payload = json.dumps({**ada.command("ask", question="why?"), "id": old(1000)})
    assert work(ada.app, [delivered(payload)]) == []
    [_, sent] = ada.discord.calls
    assert sent.path == "/channels/88/messages" and "why?" in sent.body["content"]


def test_a_bot_that_may_write_nowhere_leaves_a_dead_letter(ada: Person) -> None:
    ada.discord.answers += [UNKNOWN_WEBHOOK, (403, {}, {"code": 50007})] * 2
    assert work(ada.app, [delivered(feedback(ada, id=old(1000)))]) == ["m1"]


def test_secrets_never_reach_the_log(
    discord: Recorder, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    app = configured(discord, str(tmp_path), OPENAI_API_KEY="sk-planted")
    app.__dict__["answers"] = object()
    ada = Person(app, discord)
    work(app, [delivered(feedback(ada)), delivered("{")])
    assert "AttributeError" in caplog.text and "JSONDecodeError" in caplog.text
    for secret in ("bot-token", "sk-planted", "nice"):
        assert secret not in caplog.text
    assert "bot-token" not in repr(app.config)
