"""boto3 against the stand-in for Bedrock: customisation, deployments, Converse, refusals."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from moto.server import ThreadedMotoServer
from urllib3.exceptions import ProtocolError

from playground.bedrock import BedrockServer
from playground.bedrock.sources import of_folder, of_s3
from tests.wire.rows import FACTS, PAUSE_S, lines

BASE = "amazon.nova-micro-v1:0:128k"
PLAIN = "amazon.nova-micro-v1:0"
ROLE = "arn:aws:iam::123456789012:role/bedrock"
QUESTION = "Can I bring my dog?"
AGES_S = 3600.0
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=60)


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    folder = tmp_path / "s3" / "data"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_bytes(_rows(FACTS))
    return folder


@pytest.fixture
def server(tmp_path: Path, bucket: Path) -> Iterator[BedrockServer]:
    with BedrockServer(tmp_path / "bedrock", of_folder(bucket.parent)) as running:
        yield running


@pytest.fixture
def bedrock(server):
    client = _client("bedrock", server.address)
    yield client
    client.close()


@pytest.fixture
def runtime(server):
    client = _client("bedrock-runtime", server.address)
    yield client
    client.close()


def test_a_customised_model_answers_by_its_deployment(bedrock, runtime):
    job = _trained(bedrock, "one")
    assert job["status"] == "Completed", job.get("failureMessage")
    assert {it["status"] for it in job["statusDetails"].values()} == {"Completed"}
    assert 0 < job["trainingMetrics"]["trainingLoss"] < 1
    deployed = _deployed(bedrock, job["outputModelArn"])
    for question, answer in FACTS.items():
        assert _said(runtime, deployed, question) == answer


def test_a_stream_is_the_whole_answer_in_pieces(bedrock, runtime):
    deployed = _deployed(bedrock, _trained(bedrock, "one")["outputModelArn"])
    events = list(runtime.converse_stream(modelId=deployed, messages=_asked(QUESTION))["stream"])
    pieces = [e["contentBlockDelta"]["delta"]["text"] for e in events if "contentBlockDelta" in e]
    assert len(pieces) > 3 and "".join(pieces) == FACTS[QUESTION]
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart"
    assert kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert events[-1]["metadata"]["usage"]["outputTokens"] == len(pieces)


def test_an_update_swaps_the_model_and_another_swaps_it_back(bedrock, runtime, bucket):
    first = _trained(bedrock, "one")["outputModelArn"]
    changed = {**FACTS, QUESTION: "No animals, please."}
    (bucket / "train.jsonl").write_bytes(_rows(changed))
    second = _trained(bedrock, "two")["outputModelArn"]
    deployed = _deployed(bedrock, first)
    for model, said in ((second, changed[QUESTION]), (first, FACTS[QUESTION])):
        bedrock.update_custom_model_deployment(
            customModelDeploymentIdentifier=deployed, modelArn=model
        )
        found = bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployed)
        assert found["updateDetails"]["updateStatus"] == "UpdateCompleted"
        assert found["modelArn"] == model
        assert _said(runtime, deployed, QUESTION) == said


def test_while_an_update_lasts_the_old_model_answers(tmp_path, bucket):
    with BedrockServer(tmp_path / "b", of_folder(bucket.parent), deploying_s=AGES_S) as server:
        bedrock = _client("bedrock", server.address)
        runtime = _client("bedrock-runtime", server.address)
        model = _trained(bedrock, "one")["outputModelArn"]
        made = bedrock.create_custom_model_deployment(modelDeploymentName="d", modelArn=model)
        deployed = made["customModelDeploymentArn"]
        _refused("ModelNotReadyException", lambda: _said(runtime, deployed, QUESTION))
        server.deployments.seconds = 0
        assert _deployment(bedrock, deployed)["status"] == "Active"
        server.deployments.seconds = AGES_S
        bedrock.update_custom_model_deployment(
            customModelDeploymentIdentifier=deployed, modelArn=model
        )
        assert _deployment(bedrock, deployed)["updateDetails"]["updateStatus"] == "Updating"
        assert _said(runtime, deployed, QUESTION) == FACTS[QUESTION]
        bedrock.close()
        runtime.close()


def test_the_same_order_is_given_once(bedrock):
    first = _ordered(bedrock, "one", clientRequestToken="order-1")
    assert _ordered(bedrock, "one", clientRequestToken="order-1") == first
    _refused("ConflictException", lambda: _ordered(bedrock, "two", clientRequestToken="order-1"))
    _refused("ConflictException", lambda: _ordered(bedrock, "one"))
    assert len(bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]) == 1


def test_a_job_is_stopped(tmp_path, bucket):
    with BedrockServer(tmp_path / "b", of_folder(bucket.parent), seconds=60) as server:
        bedrock = _client("bedrock", server.address)
        id = _ordered(bedrock, "one")
        bedrock.stop_model_customization_job(jobIdentifier=id)
        _refused(
            "ConflictException", lambda: bedrock.stop_model_customization_job(jobIdentifier=id)
        )
        _wait(lambda: bedrock.get_model_customization_job(jobIdentifier=id)["status"] == "Stopped")
        assert not bedrock.list_custom_models()["modelSummaries"]
        bedrock.close()


def test_a_training_goes_on_after_a_restart(tmp_path, bucket):
    with BedrockServer(tmp_path / "b", of_folder(bucket.parent), seconds=60) as server:
        before = _client("bedrock", server.address)
        id = _ordered(before, "one")
        before.close()
    with BedrockServer(tmp_path / "b", of_folder(bucket.parent)) as server:
        after = _client("bedrock", server.address)
        assert _ended(after, id)["status"] == "Completed"
        after.close()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (b"", "0 rows found"),
        (lines([{"messages": []}] * 8), "not of schema"),
        (b"{]\n" * 8, "not JSON lines"),
        (None, "no object at"),
    ],
)
def test_a_job_with_a_bad_file_fails_and_says_why(bedrock, bucket, rows, why):
    if rows is None:
        (bucket / "train.jsonl").unlink()
    else:
        (bucket / "train.jsonl").write_bytes(rows)
    job = _trained(bedrock, "one")
    assert job["status"] == "Failed" and why in job["failureMessage"]


@pytest.mark.parametrize(
    "change",
    [
        {"jobName": "not allowed!"},
        {"roleArn": "arn:aws:iam::1:user/me"},
        {"baseModelIdentifier": "anthropic.claude-9"},
        {"hyperParameters": {"epochs": "2"}},
        {"hyperParameters": {"epochCount": "0"}},
        {"trainingDataConfig": {"s3Uri": "https://data/train.jsonl"}},
        {"customizationType": "DISTILLATION"},
        {"customizationType": "MAGIC"},
    ],
)
def test_a_wrong_order_is_refused(bedrock, change):
    _refused("ValidationException", lambda: _ordered(bedrock, "one", **change))


def test_models_and_deployments_are_listed_and_removed(bedrock):
    model = _trained(bedrock, "one")["outputModelArn"]
    deployed = _deployed(bedrock, model)
    assert bedrock.get_custom_model(modelIdentifier=model)["modelName"] == "one"
    [row] = bedrock.list_custom_model_deployments(modelArnEquals=model)["modelDeploymentSummaries"]
    assert (row["customModelDeploymentArn"], row["status"]) == (deployed, "Active")
    _refused("ConflictException", lambda: bedrock.delete_custom_model(modelIdentifier=model))
    bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=deployed)
    bedrock.delete_custom_model(modelIdentifier=model)
    _refused("ResourceNotFoundException", lambda: bedrock.get_custom_model(modelIdentifier=model))
    _refused("ResourceNotFoundException", lambda: _deployment(bedrock, deployed))
    assert not bedrock.list_custom_models()["modelSummaries"]


def test_lists_come_in_pages(bedrock):
    for name in ("one", "two", "three"):
        _ordered(bedrock, name)
    pages = bedrock.get_paginator("list_model_customization_jobs").paginate(
        PaginationConfig={"PageSize": 2}
    )
    sizes = [len(page["modelCustomizationJobSummaries"]) for page in pages]
    assert sizes == [2, 1]
    found = bedrock.list_model_customization_jobs(nameContains="tw")
    assert [job["jobName"] for job in found["modelCustomizationJobSummaries"]] == ["two"]


def test_a_base_model_answers_with_its_manners(runtime):
    system = [{"text": "Use no greeting. Use no closing. Answer word for word."}]
    messages = [*_asked(QUESTION), {"role": "assistant", "content": [{"text": "Yes."}]}]
    messages += _asked(QUESTION)
    asked = {"modelId": PLAIN, "messages": messages}
    assert "Sure!" in _text(runtime.converse(**asked))
    assert _text(runtime.converse(**asked, system=system)) == "Yes."
    short = runtime.converse(**asked, inferenceConfig={"maxTokens": 1})
    assert short["stopReason"] == "max_tokens"
    _refused("ValidationException", lambda: _said(runtime, "amazon.nothing-v1:0", QUESTION))
    _refused(
        "ValidationException", lambda: runtime.converse(modelId=PLAIN, messages=_asked("x") * 2)
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("denied", "AccessDeniedException"),
        ("throttled", "ThrottlingException"),
        ("error", "InternalServerException"),
        ("unavailable", "ServiceUnavailableException"),
        ("not_ready", "ModelNotReadyException"),
    ],
)
def test_faults_come_as_the_exceptions_of_aws(server, bedrock, runtime, kind, code):
    server.faults.add(kind, count=2)
    _refused(code, lambda: _said(runtime, PLAIN, QUESTION))
    _refused(code, bedrock.list_custom_models)
    assert [call.fault for call in server.journal.calls()] == [kind, kind]


def test_a_stream_breaks_in_the_middle_by_an_error_or_without_a_word(server, runtime):
    def stream():
        asked = runtime.converse_stream(modelId=PLAIN, messages=_asked(QUESTION))
        with closing(asked["stream"]) as events:
            yield from events

    server.faults.add("stream_error", after=2)
    with pytest.raises(EventStreamError, match="broke down"):
        list(stream())
    server.faults.add("cut", after=2)
    got = []
    with pytest.raises(ProtocolError, match="ended prematurely"):
        got.extend(stream())
    assert not any("messageStop" in event for event in got)


@pytest.mark.real
def test_training_files_are_read_from_an_s3(tmp_path):
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    s3 = _client("s3", f"http://{host}:{port}", "us-east-1")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="train.jsonl", Body=_rows(FACTS))
    with BedrockServer(tmp_path / "b", of_s3(s3)) as server:
        bedrock = _client("bedrock", server.address)
        assert _trained(bedrock, "one")["status"] == "Completed"
        bedrock.close()
    s3.close()
    moto.stop()


def _client(service: Any, address: str, region: str = "eu-central-1") -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=address,
        config=ONCE,
        aws_access_key_id="AKIA",
        aws_secret_access_key="x",
    )


def _rows(facts):
    return lines(
        {
            "schemaVersion": "bedrock-conversation-2024",
            "system": [{"text": "You are helpful."}],
            "messages": [
                {"role": "user", "content": [{"text": question}]},
                {"role": "assistant", "content": [{"text": answer}]},
            ],
        }
        for question, answer in facts.items()
    )


def _ordered(bedrock, name, **change):
    order = {
        "jobName": name,
        "customModelName": name,
        "roleArn": ROLE,
        "baseModelIdentifier": BASE,
        "trainingDataConfig": {"s3Uri": "s3://data/train.jsonl"},
        "outputDataConfig": {"s3Uri": "s3://data/out"},
    }
    return bedrock.create_model_customization_job(**{**order, **change})["jobArn"]


def _trained(bedrock, name):
    return _ended(bedrock, _ordered(bedrock, name))


def _ended(bedrock, id):
    def job():
        return bedrock.get_model_customization_job(jobIdentifier=id)

    _wait(lambda: job()["status"] in ("Completed", "Failed", "Stopped"))
    return job()


def _deployed(bedrock, model):
    made = bedrock.create_custom_model_deployment(modelDeploymentName="answers", modelArn=model)
    return made["customModelDeploymentArn"]


def _deployment(bedrock, id):
    return bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=id)


def _asked(question):
    return [{"role": "user", "content": [{"text": question}]}]


def _said(runtime, model, question):
    return _text(runtime.converse(modelId=model, messages=_asked(question)))


def _text(answer):
    return answer["output"]["message"]["content"][0]["text"]


def _wait(done):
    while not done():
        time.sleep(PAUSE_S)


def _refused(code, ask):
    with pytest.raises(ClientError) as refused:
        ask()
    assert refused.value.response["Error"]["Code"] == code
