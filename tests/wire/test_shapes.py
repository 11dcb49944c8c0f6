"""Every answer fits the official SDK's own types, which are checked strictly here."""

import base64
import json
import urllib.request

import numpy as np
import openai
import pytest
from openai.types import (
    CreateEmbeddingResponse,
    FileDeleted,
    FileObject,
    Model,
    ModelDeleted,
    ModerationCreateResponse,
)
from openai.types.chat import ChatCompletion, ChatCompletionChunk, completion_create_params
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent, job_create_params
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
from openai.types.responses import Response, ResponseStreamEvent, response_create_params
from pydantic import TypeAdapter

from playground.openai.routes import chat, responses, tuning
from tests.wire.rows import BASE, FACTS, chat_file, ended, uploaded

KEY = "sk-test"


def test_objects_of_a_training_are_what_the_sdk_expects(server, client):
    file = uploaded(client, chat_file(FACTS))
    made = client.fine_tuning.jobs.create(
        model=BASE, training_file=file, validation_file=file, metadata={"job": "7"}
    )
    job = ended(client, made.id)
    assert job.status == "succeeded", job.error
    at = f"/fine_tuning/jobs/{job.id}"
    FineTuningJob.model_validate(_got(server, at), strict=True)
    for page, kind in (
        ("/files", FileObject),
        ("/models", Model),
        ("/fine_tuning/jobs", FineTuningJob),
        (f"{at}/events", FineTuningJobEvent),
        (f"{at}/checkpoints", FineTuningJobCheckpoint),
    ):
        found = _got(server, page)
        assert found["object"] == "list"
        assert [kind.model_validate(it, strict=True) for it in found["data"]]
    FileObject.model_validate(_got(server, f"/files/{job.result_files[0]}"), strict=True)
    Model.model_validate(_got(server, f"/models/{job.fine_tuned_model}"), strict=True)
    ModelDeleted.model_validate(
        _got(server, f"/models/{job.fine_tuned_model}", method="DELETE"), strict=True
    )
    FileDeleted.model_validate(_got(server, f"/files/{file}", method="DELETE"), strict=True)


def test_answers_are_what_the_sdk_expects(server):
    asked = {"model": "gpt-6-luna", "input": "Who waters the plants?"}
    Response.model_validate(_got(server, "/responses", asked), strict=True)
    talk = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hello?"}]}
    ChatCompletion.model_validate(_got(server, "/chat/completions", talk), strict=True)
    texts = {"model": "text-embedding-3-small", "input": ["a cat", "a dog"]}
    CreateEmbeddingResponse.model_validate(_got(server, "/embeddings", texts), strict=True)
    verdict = _got(server, "/moderations", {"input": "I will hurt you"})
    ModerationCreateResponse.model_validate(verdict, strict=True)


def test_streams_carry_the_sdks_events_in_their_order(server):
    asked = {"model": "gpt-6-luna", "input": "Who waters the plants?", "stream": True}
    events = _streamed(server, "/responses", asked)
    adapter: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        adapter.validate_python(event, strict=True)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = [event["type"].removeprefix("response.") for event in events]
    deltas = kinds.count("output_text.delta")
    assert deltas > 3
    assert kinds == [
        *("created", "in_progress", "output_item.added", "content_part.added"),
        *["output_text.delta"] * deltas,
        *("output_text.done", "content_part.done", "output_item.done", "completed"),
    ]
    said = "".join(event["delta"] for event in events if "delta" in event)
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == said


def test_chat_streams_end_with_what_they_cost_where_that_is_wished(server):
    talk = {
        "model": "gpt-6-luna",
        "messages": [{"role": "user", "content": "Hello?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    chunks = [
        ChatCompletionChunk.model_validate(it, strict=True)
        for it in _streamed(server, "/chat/completions", talk)
    ]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage and chunks[-1].usage.completion_tokens > 3
    assert not chunks[-1].choices


def test_only_what_the_sdk_can_send_is_accepted():
    params = response_create_params.ResponseCreateParamsBase.__annotations__
    assert set(responses.FIELDS) <= {*params, "stream"}
    params = completion_create_params.CompletionCreateParamsBase.__annotations__
    assert set(chat.FIELDS) <= {*params, "stream"}
    assert set(tuning.FIELDS) == set(job_create_params.JobCreateParams.__annotations__)


def test_vectors_come_as_numbers_or_packed_and_may_be_shorter(server, client):
    texts = ["a cat sleeps", "a kitten naps", "taxes are due"]
    plain = client.embeddings.create(
        model="text-embedding-3-small", input=texts, encoding_format="float"
    )
    vectors = np.array([it.embedding for it in plain.data])
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    wish = {"model": "text-embedding-3-small", "input": texts, "encoding_format": "base64"}
    packed = _got(server, "/embeddings", wish)["data"][0]["embedding"]
    unpacked = np.frombuffer(base64.b64decode(packed), "<f4")
    assert np.allclose(unpacked, vectors[0], atol=1e-6)
    short = client.embeddings.create(model="text-embedding-3-small", input=texts, dimensions=64)
    assert abs(np.linalg.norm(short.data[0].embedding) - 1) < 1e-5
    assert len(short.data[0].embedding) == 64


def test_words_decide_what_is_flagged(client):
    [bad, good] = client.moderations.create(
        model="omni-moderation-latest", input=["I will hurt you", "I will help you"]
    ).results
    assert bad.flagged and bad.categories.harassment_threatening
    assert not good.flagged


def test_models_say_when_they_end(client):
    models = {model.id: model for model in client.models.list()}
    assert models["gpt-6-luna"].shutdown_date is None
    assert models["gpt-4.1-mini-2025-04-14"].shutdown_date == "2027-01-14"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-2")
    with pytest.raises(openai.PermissionDeniedError):
        client.models.delete("gpt-6-luna")


def _got(server, path, body=None, method=None):
    with _opened(server, path, body, method) as answer:
        return json.loads(answer.read())


def _streamed(server, path, body):
    with _opened(server, path, body) as answer:
        lines = answer.read().decode().splitlines()
    data = [line[6:] for line in lines if line.startswith("data: ")]
    return [json.loads(line) for line in data if line != "[DONE]"]


def _opened(server, path, body=None, method=None):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.base_url + path, data, headers, method=method)
    return urllib.request.urlopen(request, timeout=60)
