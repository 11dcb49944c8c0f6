"""What is wrong with a request is said as OpenAI says it, and faults befall calls on demand."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import openai
import pytest

from playground.openai import OpenAIServer
from tests.wire.rows import BASE, FACTS, chat_file, ended, lines, told, uploaded

LUNA = "gpt-6-luna"


def _said(error: openai.APIStatusError) -> tuple[int, str | None, str | None]:
    assert isinstance(error.body, dict)
    assert set(error.body) == {"message", "type", "param", "code"}
    return error.status_code, error.code, error.param


def test_no_key_and_a_wrong_one_are_told_apart(tmp_path):
    with (
        OpenAIServer(tmp_path, key="sk-right") as server,
        openai.OpenAI(api_key="sk-wrong", base_url=server.base_url, max_retries=0) as wrong,
    ):
        with pytest.raises(openai.AuthenticationError) as refused:
            wrong.models.list()
        assert _said(refused.value) == (401, "invalid_api_key", None)
        with pytest.raises(urllib.error.HTTPError) as nobody:
            urllib.request.urlopen(f"{server.base_url}/models")
        assert "didn't provide an API key" in json.load(nobody.value)["error"]["message"]
        nobody.value.close()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"model": "gpt-2", "input": "Hi"}, (404, "model_not_found", None)),
        ({"model": LUNA, "input": "Hi", "foo": 1}, (400, "unknown_parameter", "foo")),
        ({"model": LUNA, "input": 7}, (400, "invalid_type", "input")),
        ({"model": LUNA}, (400, "missing_required_parameter", "input")),
        ({"model": LUNA, "input": []}, (400, "empty_array", "input")),
        (
            {"model": LUNA, "input": [{"role": "boss", "content": "Hi"}]},
            (400, "invalid_value", "input[0].role"),
        ),
        (
            {"model": LUNA, "input": "Hi", "reasoning": {"effort": "huge"}},
            (400, "invalid_value", "reasoning.effort"),
        ),
        (
            {"model": BASE, "input": "Hi", "reasoning": {"effort": "low"}},
            (400, "unsupported_parameter", "reasoning.effort"),
        ),
        (
            {"model": LUNA, "input": "Hi", "temperature": 1.0},
            (400, "unsupported_parameter", "temperature"),
        ),
        (
            {"model": LUNA, "input": "Hi", "max_output_tokens": 1},
            (400, "number_below_min_value", "max_output_tokens"),
        ),
        (
            {"model": LUNA, "input": "Hi", "previous_response_id": "resp_1"},
            (400, "previous_response_not_found", "previous_response_id"),
        ),
        ({"model": LUNA, "input": "a " * 130_000}, (400, "context_length_exceeded", "input")),
    ],
)
def test_a_wrong_question_is_refused(client, wish, said):
    with pytest.raises(openai.APIStatusError) as refused:
        client.post("/responses", body=wish, cast_to=object)
    assert _said(refused.value) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": LUNA}, (400, "model_not_available", None)),
        ({"model": "ft:nothing"}, (400, "model_not_available", None)),
        ({"training_file": "file-0"}, (400, "file_not_found", "training_file")),
        ({"suffix": "x" * 65}, (400, None, "suffix")),
        ({"metadata": {"a": "x" * 513}}, (400, None, "metadata")),
        ({"method": {"type": "rlhf"}}, (400, "invalid_value", "method.type")),
        (
            {"method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 5}}}},
            (400, "number_above_max_value", "method.dpo.hyperparameters.beta"),
        ),
        (
            {"method": {"type": "supervised", "dpo": {"hyperparameters": {}}}},
            (400, None, "method.dpo"),
        ),
        ({"epochs": 3}, (400, "unknown_parameter", "epochs")),
    ],
)
def test_a_wrong_order_is_refused(client, change, said):
    file = uploaded(client, chat_file(FACTS))
    wish = {"model": BASE, "training_file": file, **change}
    if said[2] == "method.dpo":
        wish["method"]["dpo"]["hyperparameters"] = {"beta": 0.1}
    with pytest.raises(openai.APIStatusError) as refused:
        client.post("/fine_tuning/jobs", body=wish, cast_to=object)
    assert _said(refused.value) == said


@pytest.mark.parametrize(
    ("rows", "code", "why"),
    [
        (chat_file(dict(list(FACTS.items())[:9])), "invalid_n_examples", "at least 10"),
        (b"{]\n" * 10, "invalid_jsonl", "Line 1"),
        (lines([{"prompt": "a", "completion": "b"}] * 10), "invalid_file_format", "messages"),
        (
            lines([{"messages": [{"role": "user", "content": "a"}]}] * 10),
            "invalid_file_format",
            "must end with",
        ),
        (
            lines([{"messages": [{"role": "bot", "content": "a"}]}] * 10),
            "invalid_file_format",
            "unknown role",
        ),
        (
            lines([{"messages": [{"role": "assistant", "content": "a"}]}] * 10),
            "invalid_file_format",
            "no message of a user",
        ),
    ],
)
def test_a_job_with_a_bad_file_fails_and_says_why(client, rows, code, why):
    job = client.fine_tuning.jobs.create(model=BASE, training_file=uploaded(client, rows))
    job = ended(client, job.id)
    assert job.error is not None
    assert (job.status, job.error.code, job.error.param) == ("failed", code, "training_file")
    assert why in job.error.message
    told(client, job.id, "failed")
    assert any(e.level == "error" for e in client.fine_tuning.jobs.list_events(job.id))


@pytest.mark.parametrize(
    ("file", "purpose"),
    [
        (("rows.jsonl", b"{}\n"), "training"),
        (("rows.txt", b"{}\n"), "fine-tune"),
        (("rows.jsonl", b""), "fine-tune"),
    ],
)
def test_a_wrong_upload_is_refused(client, file, purpose):
    with pytest.raises(openai.BadRequestError):
        client.files.create(file=file, purpose=purpose)


def test_nothing_is_found_where_nothing_is(client):
    for ask in (
        client.files.retrieve,
        client.files.content,
        client.files.delete,
        client.fine_tuning.jobs.retrieve,
        client.fine_tuning.jobs.cancel,
        client.fine_tuning.jobs.list_events,
        client.models.delete,
    ):
        with pytest.raises(openai.NotFoundError):
            ask("ft:file-0" if ask == client.models.delete else "file-0")


def test_too_many_calls_are_told_how_long_to_wait(server, client):
    server.faults.add("rate_limit", seconds=0.2, path="/responses")
    with pytest.raises(openai.RateLimitError) as refused:
        client.responses.create(model=LUNA, input="Hi")
    assert refused.value.response.headers["Retry-After"] == "0.2"
    assert client.responses.create(model=LUNA, input="Hi").output_text
    [failed, done] = server.journal.calls("/responses")
    assert (failed.status, failed.fault, done.status, done.fault) == (429, "rate_limit", 200, "")


def test_the_sdk_itself_gets_over_an_outage(server, client):
    server.faults.add("error", status=503, count=2, path="/responses")
    patient = client.with_options(max_retries=2)
    assert patient.responses.create(model=LUNA, input="Hi").output_text
    assert [call.status for call in server.journal.calls("/responses")] == [503, 503, 200]


def test_a_stream_can_break_in_the_middle(server, client):
    for ask in (_stream_responses, _stream_chat):
        server.faults.add("cut", after=2)
        got: list[str] = []
        with pytest.raises(openai.APIConnectionError):
            got.extend(ask(client))
            got.append("whole")
        assert len(got) >= 2 and "whole" not in got


def test_an_answer_may_never_come(server, client):
    server.faults.add("hang", seconds=30)
    hurried = client.with_options(timeout=0.2)
    with pytest.raises(openai.APITimeoutError):
        hurried.models.list()


def test_a_connection_may_end_without_a_word(server, client):
    server.faults.add("hang", seconds=0)
    with pytest.raises(openai.APIConnectionError):
        client.models.list()


def test_a_slow_answer_comes_all_the_same(server, client):
    server.faults.add("slow", seconds=0.3)
    began = time.monotonic()
    assert client.models.list().data
    assert time.monotonic() - began >= 0.3


def test_tuning_may_not_be_for_everybody(server, client):
    server.faults.add("no_tuning", method="POST", path="/fine_tuning")
    with pytest.raises(openai.PermissionDeniedError, match="does not have access to fine-tuning"):
        client.fine_tuning.jobs.create(model=BASE, training_file="file-0")


def test_faults_and_the_journal_are_there_for_the_panel(server, client):
    def asked(path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(server.address + path, data, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    planned = asked("/control/faults", {"kind": "quota", "path": "/models"})
    assert planned == asked("/control/faults")
    with pytest.raises(openai.RateLimitError, match="quota"):
        client.models.list()
    client.responses.create(model=LUNA, input="My secret is blue.")
    [refused, answered] = asked("/control/journal")
    assert (refused["status"], refused["fault"]) == (429, "quota")
    assert answered["model"] == LUNA and answered["tokens_in"] == 5
    assert "blue" not in json.dumps(answered)
    with pytest.raises(ValueError, match="kind must be"):
        server.faults.add("flood")


def _stream_responses(client):
    with client.responses.create(model=LUNA, input="Hi", stream=True) as events:
        yield from (event.type for event in events)


def _stream_chat(client):
    asked = [{"role": "user", "content": "Hi"}]
    with client.chat.completions.create(model=LUNA, messages=asked, stream=True) as chunks:
        yield from (chunk.id for chunk in chunks)
