"""Bedrock trains: rows in an S3, a customisation job, a deployment that answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from playground.bedrock import BedrockServer
from playground.bedrock.sources import of_s3
from protege.providers.bedrock.tuning import BedrockTuner
from tests.methods.bot import Clock, agree, asked, bot, latest, over, pass_time
from tests.person import Person
from tests.recorder import Recorder

ROLE, BUCKET = "arn:aws:iam::123456789012:role/bedrock", "protege-data"


def client(service: str, address: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name="us-east-1",
        endpoint_url=address,
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )


@pytest.fixture
def s3() -> Iterator[Any]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = client("s3", f"http://{host}:{port}")
    found.create_bucket(Bucket=BUCKET)
    yield found
    found.close()
    server.stop()


@pytest.fixture
def bedrock(tmp_path: Path, s3: Any) -> Iterator[BedrockServer]:
    with BedrockServer(tmp_path / "bedrock", of_s3(s3), deploying_s=0.2) as running:
        yield running


@pytest.fixture
def customising(
    discord: Recorder,
    tmp_path: Path,
    bedrock: BedrockServer,
    s3: Any,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Person]:
    """A trainer of a bot on one machine that may use Bedrock: the bucket is the tuner's alone."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.address)
    base = {"BEDROCK_BASE_MODEL": "amazon.nova-micro-v1:0:128k", "BEDROCK_ROLE_ARN": ROLE}
    app = bot(discord, tmp_path / "bot", "http://127.0.0.1:9", clock, None, **base)
    aws = client("bedrock", bedrock.address)
    tuner = BedrockTuner(app.config._replace(bucket=BUCKET), bedrock=aws, s3=s3)
    app.tuner = lambda provider: tuner  # type: ignore[method-assign]
    app.outside.check_tuner = lambda provider: None  # type: ignore[method-assign]
    shop = app.training._workshop
    app.training._workshop = shop._replace(tuner=app.tuner)
    yield Person(app, discord)
    aws.close()


def test_bedrock_trains_and_a_deployment_answers(customising: Person, clock: Clock) -> None:
    asked(customising, "bedrock")
    assert agree(customising).step == "follow"
    job = pass_time(customising, clock, over)
    assert job.state == "done", job.error
    chat = customising.app.models.manifest("77", 1)["chat"]
    assert chat["provider"] == "bedrock" and ":custom-model-deployment/" in chat["model"]
    assert ":custom-model/" in chat["made"] and job.cost["tokens"] > 0
    proof = customising.app.models.manifest("77", 1)["proof"]
    assert proof["rows"] == proof["calls"] == 7 and proof["after"] > 0


def test_bedrock_is_asked_once_and_a_cancel_reaches_it(
    customising: Person, bedrock: BedrockServer
) -> None:
    asked(customising, "bedrock")
    job = agree(customising)
    customising.app.jobs.save(job, step="begin", provider_job="", wait_s=0)
    steps = customising.app.training.advance("77", job.id)
    again = next(step for step in steps if step.wait_s)
    assert again.provider_job == job.provider_job
    customising.app.jobs.cancel("77", job.id)
    customising.wait()
    assert latest(customising).state == "cancelled"
