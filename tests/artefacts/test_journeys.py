"""From a signed request through queue and worker to Discord, every part as it is deployed."""

import json
import time
from typing import Any

import pytest

from tests.artefacts.conftest import Running
from tests.person import snowflake
from tests.recorder import Call
from tools import events
from tools.emulator import Answer
from tools.pump import Pumped, pump
from tools.replay import World

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("empty_queues")]


def asked(question: str, **changes: Any) -> dict[str, Any]:
    """`/ask` as API Gateway hands it over, with an id of its own."""
    payload = json.loads((events.EVENTS / "payloads/ask.json").read_text())
    payload |= {"id": snowflake(), "token": f"token-{time.time_ns()}"} | changes
    payload["data"]["options"][0]["value"] = question
    return events.request(json.dumps(payload).encode())


def poll(here: World, running: Running) -> Pumped:
    worker = running("Worker")
    return pump(here.aws.client("sqs"), here.aws.values["WorkQueue"], worker.invoke)


def answers(here: World) -> list[Call]:
    return [call for call in here.discord.calls if call.path.endswith("/messages/@original")]


def test_a_question_is_deferred_queued_and_answered(here: World, running: Running) -> None:
    first = running("Ingress").invoke(asked("Who is the lighthouse keeper?"))
    assert (first.value["statusCode"], json.loads(first.value["body"])) == (200, {"type": 5})
    assert poll(here, running) == Pumped(1, 1)
    [edit] = answers(here)
    assert edit.method == "PATCH"
    assert "not been taught" in edit.body["content"]
    assert here.aws.waiting("WorkQueue") == 0


def test_a_request_that_comes_twice_is_answered_once(here: World, running: Running) -> None:
    request = asked("Twice?")
    first, second = running("Ingress").invoke(request), running("Ingress").invoke(request)
    assert first.value == second.value
    body = here.aws.client("sqs").receive_message(
        QueueUrl=here.aws.values["WorkQueue"], VisibilityTimeout=0
    )["Messages"][0]["Body"]
    here.aws.client("sqs").send_message(QueueUrl=here.aws.values["WorkQueue"], MessageBody=body)
    assert poll(here, running) == Pumped(1, 1)
    assert poll(here, running) == Pumped(1, 1)
    assert len(answers(here)) == 1


def test_a_forged_request_reaches_no_queue(here: World, running: Running) -> None:
    request = asked("Let me in")
    request["body"] = request["body"].replace("Let me in", "Let us in")
    assert running("Ingress").invoke(request).value["statusCode"] == 401
    assert here.aws.waiting("WorkQueue") == 0


def dead(here: World) -> dict[str, str]:
    """What the one dead letter says of itself; else it would be there again within a minute."""
    sqs, url = here.aws.client("sqs"), here.aws.values["DeadLetters"]
    [letter] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
    return {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}


def test_a_poison_message_ends_among_the_dead_letters(here: World, running: Running) -> None:
    url = here.aws.values["WorkQueue"]
    here.aws.client("sqs").send_message(QueueUrl=url, MessageBody="not json")
    assert poll(here, running) == Pumped(1, 1)
    assert poll(here, running) == Pumped(0, 0)
    assert dead(here)["reason"] == "malformed"


def test_an_answer_that_discord_refuses_ends_there_too(here: World, running: Running) -> None:
    running("Ingress").invoke(asked("Again?"))
    here.discord.answers.append((400, {}, {"code": 50035, "message": "Invalid Form Body"}))
    assert poll(here, running) == Pumped(1, 1)
    assert dead(here)["reason"] == "refused"
    assert "not been taught" not in answers(here)[-1].body["content"], "who asked is told"


def test_an_answer_that_discord_is_too_busy_for_is_tried_again(
    here: World, running: Running
) -> None:
    running("Ingress").invoke(asked("Once more?"))
    here.discord.answers.extend([(503, {"Retry-After": "0.01"}, {})] * 5)
    assert poll(here, running) == Pumped(1, 0)
    assert poll(here, running) == Pumped(1, 1)
    assert "not been taught" in answers(here)[-1].body["content"]


def test_a_worker_that_runs_out_of_time_leaves_its_message(here: World) -> None:
    url = here.aws.values["WorkQueue"]
    here.aws.client("sqs").send_message(QueueUrl=url, MessageBody="{}")

    def late(event: Any) -> Answer:
        return Answer("Task timed out after 60.00 seconds", "Timeout", 60_000.0)

    assert pump(here.aws.client("sqs"), url, late) == Pumped(1, 0)
    assert here.aws.waiting("WorkQueue") == 1
