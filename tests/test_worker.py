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


def letters(app: App) -> list[Delivery]:
    """What was put aside."""
    found = []
    while letter := app.dead_letters.receive(wait_s=0, lease_s=60):
        found.append(letter)
    return found


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


def test_the_same_message_brought_to_two_at_once_is_worked_on_by_one(ada: Person) -> None:
    body, began = feedback(ada), time.time()
    ada.app.claims._now = lambda: began
    name = f"interaction-{json.loads(body)['id']}"
    assert ada.app.claims.take(name, "m1", 60, alone=False) == "mine"
    twin = delivered(body)._replace(alone=False)
    assert work(ada.app, [twin]) == ["m1"] and ada.discord.calls == []
    ada.app.claims._now = lambda: began + 61
    assert work(ada.app, [twin._replace(receives=2)]) == [], "the lease of whoever died is over"
    assert len(ada.discord.calls) == 1


def test_a_lease_from_a_clock_that_was_wrong_does_not_keep_a_message_for_ever(ada: Person) -> None:
    body, began = feedback(ada), time.time()
    ada.app.claims._now = lambda: began + 3600
    ada.app.claims.take(f"interaction-{json.loads(body)['id']}", "m1", 60, alone=False)
    ada.app.claims._now = lambda: began
    assert work(ada.app, [delivered(body, receives=2)._replace(alone=False)]) == []


def test_one_bad_record_does_not_spoil_the_batch(ada: Person) -> None:
    batch = [delivered("not json", "bad"), delivered(feedback(ada), "good")]
    assert work(ada.app, batch) == []
    assert ada.discord.contents() == ["Thank you, noted."]
    assert [letter.body for letter in letters(ada.app)] == ["not json"]


def test_an_unexpected_error_is_told_with_a_reference_and_tried_again(ada: Person) -> None:
    body = feedback(ada)
    real = ada.app.answers
    ada.app.__dict__["answers"] = object()
    assert work(ada.app, [delivered(body)]) == ["m1"]
    assert json.loads(body)["id"] in ada.sees and "Reference" in ada.sees
    ada.app.__dict__["answers"] = real
    assert work(ada.app, [delivered(body, receives=2)]) == []
    assert ada.sees == "Thank you, noted."


@pytest.mark.parametrize("body", ["not json", "[]", "3", "{}", '{"job": "a"}', "[" * 9999])
def test_what_nobody_can_read_is_put_aside_at_once(ada: Person, body: str) -> None:
    assert work(ada.app, [delivered(body)]) == []
    [letter] = letters(ada.app)
    assert (letter.body, letter.about["reason"]) == (body, "malformed")
    [mishap] = ada.app.mishaps.recent(None)
    assert (mishap.reason, mishap.dead, mishap.error) == ("malformed", True, "Malformed")


def test_what_failed_three_times_is_put_aside_and_its_person_told(ada: Person) -> None:
    body = feedback(ada)
    ada.app.__dict__["answers"] = object()
    assert [work(ada.app, [delivered(body, receives=n)]) for n in (1, 2, 3)] == [["m1"], ["m1"], []]
    assert "I tried several times" in ada.sees and json.loads(body)["id"] in ada.sees
    [letter] = letters(ada.app)
    assert letter.about == {
        "reason": "failed",
        "error": "AttributeError",
        "interaction": json.loads(body)["id"],
    }
    [mishap] = ada.app.mishaps.recent("77")
    assert (mishap.command, mishap.dead, mishap.reason) == ("feedback", True, "failed")
    assert "answers" not in mishap.reason and mishap.where.startswith("feedback.py:")
    assert work(ada.app, [delivered(body, "m2")]) == [], "a duplicate finds it dealt with"
    assert len(ada.discord.calls) == 3


def test_what_every_worker_died_of_is_put_aside_and_not_tried_once_more(ada: Person) -> None:
    body = feedback(ada)
    name = f"interaction-{json.loads(body)['id']}"
    for _ in range(2):
        ada.app.claims.take(name, "m1", 60)  # and then it was killed
    assert work(ada.app, [delivered(body, receives=3)]) == []
    assert [letter.about["reason"] for letter in letters(ada.app)] == ["killed"]
    assert "I tried several times" in ada.sees and len(ada.discord.calls) == 1


def test_what_was_killed_at_its_last_try_is_still_put_aside(ada: Person) -> None:
    assert work(ada.app, [delivered(feedback(ada), receives=4)]) == []
    assert [letter.about["reason"] for letter in letters(ada.app)] == ["killed"]


def test_waiting_for_another_worker_is_no_failed_try(ada: Person) -> None:
    body = feedback(ada)
    ada.app.claims.take(f"interaction-{json.loads(body)['id']}", "m1", 60)
    tries = [work(ada.app, [delivered(body, "m2", n)]) for n in (1, 2, 3)]
    assert tries == [["m2"], ["m2"], []]
    assert letters(ada.app) == [] and ada.app.queue.depth().waiting == 1


def test_with_nowhere_to_put_it_the_queue_itself_has_to(ada: Person) -> None:
    ada.app.__dict__["dead_letters"] = None
    assert work(ada.app, [delivered("not json", receives=3)]) == ["m1"]


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
    assert work(ada.app, [delivered(feedback(ada, id=old(1000)))]) == []
    assert [letter.about["reason"] for letter in letters(ada.app)] == ["nowhere"]


def test_what_discord_does_not_take_is_put_aside_and_told(ada: Person) -> None:
    ada.discord.answers += [(400, {}, {"code": 50035, "message": "Invalid Form Body"})]
    assert work(ada.app, [delivered(feedback(ada))]) == []
    assert [letter.about["reason"] for letter in letters(ada.app)] == ["refused"]
    assert "Something went wrong" in ada.sees


def test_secrets_never_reach_the_log(
    discord: Recorder, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    app = configured(discord, str(tmp_path), OPENAI_API_KEY="sk-planted")
    app.__dict__["answers"] = object()
    ada = Person(app, discord)
    work(app, [delivered(feedback(ada)), delivered("{")])
    assert "AttributeError" in caplog.text and "Malformed" in caplog.text
    for secret in ("bot-token", "sk-planted", "nice"):
        assert secret not in caplog.text
    assert "bot-token" not in repr(app.config)
