"""What the deployed functions write under Lambda's runtime: lines, numbers, nothing private."""

import json
from typing import Any

import pytest

from tests.artefacts.conftest import Running
from tests.artefacts.test_journeys import asked, poll
from tests.observing.emf import check
from tools.replay import World

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("empty_queues")]
SECRET = "where does the fox keep the amber"


def told(log: str) -> list[dict[str, Any]]:
    """The lines that are JSON; the emulator's own are not."""
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def lines_of(lines: list[dict[str, Any]], interaction: str) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("interaction") == interaction]


def test_an_interaction_can_be_followed_from_ack_to_answer(here: World, running: Running) -> None:
    question = asked(SECRET)
    payload = json.loads(question["body"])
    ingress, worker = running("Ingress"), running("Worker")
    ingress.invoke(question)
    poll(here, running)
    [acknowledged] = lines_of(told(ingress.log), payload["id"])
    assert (acknowledged["event"], acknowledged["part"]) == ("acknowledged", "ingress")
    assert (acknowledged["command"], acknowledged["guild"]) == ("ask", payload["guild_id"])
    assert acknowledged["request"] and acknowledged["ms"] > 0
    answered = lines_of(told(worker.log), payload["id"])
    assert [line["event"] for line in answered] == ["begun", "answered"]
    assert {line["part"] for line in answered} == {"worker"}
    assert answered[1]["work_ms"] > 0 and answered[1]["ms"] > 0


def test_lines_are_neither_wrapped_nor_do_they_tell_what_was_asked(
    here: World, running: Running
) -> None:
    """Logs Insights finds `event` at the top; a JSON text inside a JSON text it would not."""
    running("Ingress").invoke(asked(SECRET))
    poll(here, running)
    for name in ("Ingress", "Worker"):
        log = running(name).log
        assert SECRET not in log and "sample-bot-token" not in log
        lines = told(log)
        assert all({"timestamp", "level", "event"} <= line.keys() for line in lines)
        assert not [line for line in lines if str(line.get("message", "")).startswith("{")]


def test_numbers_keep_to_the_specification_and_say_who_was_cold(
    here: World, running: Running
) -> None:
    running("Ingress").invoke(asked("Why?"))
    poll(here, running)
    for name, wanted in (("Ingress", {"AckMs", "Interactions"}), ("Worker", {"AnswerMs"})):
        counted = [line for line in told(running(name).log) if "_aws" in line]
        found = [set(check(line)) for line in counted]
        assert wanted <= set.union(*found)
        assert sum(line.get("ColdStarts", 0) for line in counted) == 1
        [cold] = [line for line in counted if "ColdStarts" in line]
        assert cold["cold"] is True
    assert {line["Stack"] for line in counted} == {"protege"}


def test_an_invocation_that_fails_tells_types_and_still_counts(here: World) -> None:
    with here.emulator("Worker", TABLE="nowhere") as emulator:
        answer = emulator.invoke({"Records": [{"body": SECRET}]})
    assert answer.error == "Failed" and answer.value["errorMessage"] == "KeyError"
    lines = told(emulator.log)
    assert [line["error"] for line in lines if line.get("event") == "failed"] == ["KeyError"]
    assert sum(line.get("Errors", 0) for line in lines) == 1
    assert SECRET not in emulator.log
