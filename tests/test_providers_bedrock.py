"""Bedrock: boto3 and the OpenAI SDK against a scripted server that speaks AWS' protocols."""

import binascii
import json
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from protege.config import Config, ConfigError
from protege.errors import Missing, Unavailable, UserError
from protege.providers import ChatModel, Completion, Example, Prompt, Usage
from protege.providers.bedrock.chat import bedrock_chat
from protege.providers.bedrock.converse import Converse
from protege.providers.bedrock.tuning import BedrockTuner
from protege.providers.persevering import whole
from protege.providers.tuning import Order, Point
from tests.scripted import ANSWER, Asked, Said, Scripted, refused, said, scripted

PROMPT = Prompt(
    instruction="Be brief.",
    examples=(Example("When do you open?", "At nine.", "Never."),),
    question="Opening hours?",
    document="",
    taught="",
    locale="en-US",
    cache_key="77/v1",
)
NOVA = "amazon.nova-lite-v1:0"
ACCOUNT = "arn:aws:bedrock:us-east-1:123456789012"
DEPLOYED = f"{ACCOUNT}:custom-model-deployment/abcdefghijkl"
JOB = f"{ACCOUNT}:model-customization-job/amazon.nova-lite-v1:0/abcdefghijkl"
MODEL, OTHER = (f"{ACCOUNT}:custom-model/{NOVA}/{end * 12}" for end in "mn")
ROW = b'{"schemaVersion": "bedrock-conversation-2024"}\n'
PATIENT = {"OPENAI_TIMEOUT_S": "60", "OPENAI_ANSWER_S": "600"}


# ---- AWS' way of speaking ------------------------------------------------------------------------


def frame(kind: str, body: Any, message: str = "event") -> bytes:
    """One message of application/vnd.amazon.eventstream.
    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
    """
    about = {":message-type": message, ":content-type": "application/json"}
    about |= {":event-type" if message == "event" else ":exception-type": kind}
    headers = b"".join(
        struct.pack("!B", len(name))
        + name.encode()
        + struct.pack("!BH", 7, len(value))
        + value.encode()
        for name, value in about.items()
    )
    payload = json.dumps(body).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    whole = prelude + struct.pack("!I", binascii.crc32(prelude)) + headers + payload
    return whole + struct.pack("!I", binascii.crc32(whole))


def text(words: str) -> bytes:
    return frame("contentBlockDelta", {"delta": {"text": words}, "contentBlockIndex": 0})


def stop(why: str = "end_turn") -> bytes:
    usage = {"inputTokens": 40, "outputTokens": 4, "totalTokens": 44}
    about = {"usage": usage, "metrics": {"latencyMs": 5}}
    return frame("messageStop", {"stopReason": why}) + frame("metadata", about)


def spoken(*frames: bytes, cut: bool = False) -> Said:
    return Said(body=b"".join(frames), type="application/vnd.amazon.eventstream", cut=cut)


def aws_refused(code: str, status: int = 400, message: str = "no") -> Said:
    body = json.dumps({"message": message}).encode()
    return Said(status, body, headers=(("x-amzn-ErrorType", code),))


@pytest.fixture(scope="module")
def one_server() -> Iterator[Scripted]:
    """One for all: a client of AWS takes half a second to build."""
    with scripted() as it, pytest.MonkeyPatch.context() as patch:
        env = {
            "AWS_ENDPOINT_URL": it.url.removesuffix("/v1"),
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "us-east-1",
        }
        for name, value in env.items():
            patch.setenv(name, value)
        yield it


@pytest.fixture
def server(one_server: Scripted) -> Scripted:
    one_server.requests, one_server.answers, one_server.routes = [], [], {}
    return one_server


def config(**env: str) -> Config:
    base = {"DISCORD_PUBLIC_KEY": "0" * 64, "PROVIDER": "bedrock", "BEDROCK_REGION": "us-east-1"}
    return Config.read({**base, **env})


class Naps:
    """Notes how long it would have slept."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture(scope="module")
def naps() -> Naps:
    return Naps()


@pytest.fixture(scope="module")
def nova(one_server: Scripted, naps: Naps) -> ChatModel:
    return Converse(config(BEDROCK_MODEL=NOVA, **PATIENT), sleep=naps)


# ---- answers -------------------------------------------------------------------------------------


def test_openai_s_models_answer_by_the_role_we_run_as(server: Scripted) -> None:
    server.routes = {"POST /openai/v1/responses": ANSWER}
    base = server.url.replace("/v1", "/openai/v1")
    chat = bedrock_chat(config(BEDROCK_MODEL="openai.gpt-6-luna", BEDROCK_BASE_URL=base))
    with chat:  # type: ignore[attr-defined]
        assert whole(chat.answer(PROMPT)) == Completion("At nine!", Usage(100, 7))
    [asked] = server.requests
    signed = asked.headers["authorization"]
    assert signed.startswith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/")
    assert asked.json["model"] == chat.model == "openai.gpt-6-luna"


def test_other_models_are_asked_by_converse(server: Scripted) -> None:
    assert isinstance(bedrock_chat(config(BEDROCK_MODEL=NOVA)), Converse)
    with pytest.raises(ConfigError, match="BEDROCK_MODEL"):
        bedrock_chat(config())


def test_a_model_answers_in_pieces_and_tells_what_it_cost(
    nova: ChatModel, server: Scripted
) -> None:
    server.answers = [spoken(text("At "), text("nine."), stop())] * 2
    assert list(nova.answer(PROMPT)) == ["At ", "nine."]
    assert nova.complete("Judge.", "Right?") == Completion("At nine.", Usage(40, 4))
    asked, judged = server.requests
    assert unquote(asked.path) == f"/model/{NOVA}/converse-stream"
    assert "Be brief." in asked.json["system"][0]["text"]
    assert "BAD: <answer>\nNever.\n</answer>" in asked.json["system"][0]["text"]
    assert [m["role"] for m in asked.json["messages"]] == ["user", "assistant", "user"]
    assert asked.json["inferenceConfig"] == {"maxTokens": 2000}
    assert judged.json["messages"] == [{"role": "user", "content": [{"text": "Right?"}]}]


def test_a_deployment_answers_in_place_of_the_configured_model(
    nova: ChatModel, server: Scripted
) -> None:
    server.answers = [spoken(text("Yes."), stop())]
    assert list(nova.answer(PROMPT._replace(model=DEPLOYED))) == ["Yes."]
    assert unquote(server.requests[0].path) == f"/model/{DEPLOYED}/converse-stream"


def test_an_answer_of_the_greatest_length_ends_with_an_ellipsis(
    nova: ChatModel, server: Scripted
) -> None:
    server.answers = [spoken(text("Yes and"), stop("max_tokens"))]
    assert "".join(nova.answer(PROMPT)) == "Yes and …"


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ((text("No"), stop("content_filtered")), "content filter"),
        ((stop("guardrail_intervened"),), "content filter"),
        ((stop("max_tokens"),), "OPENAI_MAX_OUTPUT_TOKENS"),
    ],
)
def test_what_is_no_answer_is_explained(
    nova: ChatModel, server: Scripted, frames: tuple[bytes, ...], words: str
) -> None:
    server.answers = [spoken(*frames)]
    with pytest.raises(UserError, match=words):
        list(nova.answer(PROMPT))


@pytest.mark.parametrize(
    ("code", "status"),
    [("ThrottlingException", 429), ("ModelNotReadyException", 429), ("InternalFailure", 500)],
)
def test_passing_troubles_are_tried_again(
    nova: ChatModel, server: Scripted, naps: Naps, code: str, status: int
) -> None:
    naps.taken.clear()
    server.answers = [aws_refused(code, status)] * 2 + [spoken(text("Yes."), stop())]
    assert list(nova.answer(PROMPT)) == ["Yes."]
    assert naps.taken == [0.5, 1.0]


@pytest.mark.parametrize(
    "broken",
    [
        spoken(text("At "), cut=True),
        spoken(text("At ")),
        spoken(text("At "), text("nine")[:-7]),
        spoken(text("At "), text("nine")[:-4] + b"bad!"),
        spoken(text("At "), frame("modelStreamErrorException", {"message": "x"}, "exception")),
    ],
)
def test_what_came_of_a_broken_stream_is_never_the_whole_answer(
    nova: ChatModel, server: Scripted, broken: Said
) -> None:
    server.answers = [broken]
    pieces = nova.answer(PROMPT)
    assert next(pieces) == "At "
    with pytest.raises(Unavailable):
        list(pieces)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (aws_refused("AccessDeniedException", 403), f"does not let us use `{NOVA}`"),
        (aws_refused("ResourceNotFoundException", 404), f"has no `{NOVA}`"),
        (aws_refused("UnrecognizedClientException", 403), "AWS' credentials"),
        (aws_refused("ValidationException", 400, "Input is too long for model"), "too long"),
        (aws_refused("ValidationException", 400), "did not accept"),
    ],
)
def test_a_refusal_is_explained_and_not_tried_again(
    nova: ChatModel, server: Scripted, refusal: Said, words: str
) -> None:
    server.answers = [refusal]
    with pytest.raises(UserError, match=words):
        list(nova.answer(PROMPT))
    assert len(server.requests) == 1


# ---- customisation -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tuner(one_server: Scripted) -> BedrockTuner:
    role = "arn:aws:iam::123456789012:role/protege-bedrock"
    env = {"BEDROCK_ROLE_ARN": role, "BEDROCK_BASE_MODEL": NOVA, "BUCKET": "the-bucket"}
    return BedrockTuner(config(**env))


def order(**changes: Any) -> Order:
    rows = lambda: iter([ROW] * 8)  # noqa: E731
    found = Order("protege-job1-0", "sft", "", rows, None, 0, "guilds/77/jobs/job1/provider/")
    return found._replace(**changes)


def a_job(status: str, training: str = "InProgress", **about: Any) -> Said:
    rows = "s3://the-bucket/guilds/77/jobs/job1/provider/"
    found = {
        "jobArn": JOB,
        "status": status,
        "statusDetails": {"trainingDetails": {"status": training}},
        "trainingDataConfig": {"s3Uri": f"{rows}training.jsonl"},
        "validationDataConfig": {"validators": [{"s3Uri": f"{rows}validation.jsonl"}]},
        "outputDataConfig": {"s3Uri": f"{rows}output/"},
        **about,
    }
    return said(found)


def put(asked: Asked) -> Said:
    return Said(body=b"", headers=(("ETag", '"x"'),))


def routed(routes: dict[str, Any]) -> Any:
    """Routes whose paths are written out, while boto3 sends them percent-encoded."""

    class Decoded(dict[str, Any]):
        def get(self, key: str, other: Any = None) -> Any:
            return super().get(unquote(key), other)

    return Decoded(routes)


FOLDER = "/the-bucket/guilds/77/jobs/job1/provider"
NO_JOB = aws_refused("ResourceNotFoundException", 404)


def test_rows_go_to_our_bucket_and_the_job_is_begun_by_our_name(
    tuner: BedrockTuner, server: Scripted
) -> None:
    server.routes = {
        "GET /model-customization-jobs/protege-job1-0": NO_JOB,
        f"PUT {FOLDER}/training.jsonl": put,
        f"PUT {FOLDER}/validation.jsonl": put,
        "POST /model-customization-jobs": said({"jobArn": JOB}, 201),
    }
    assert tuner.begin(order(validation=lambda: iter([ROW]), epochs=2)) == JOB
    sent = {asked.path: asked for asked in server.requests}
    assert sent[f"{FOLDER}/training.jsonl"].body.count(ROW) == 8
    created = sent["/model-customization-jobs"].json
    assert created["jobName"] == created["customModelName"] == "protege-job1-0"
    assert created["clientRequestToken"] == "protege-job1-0"
    assert created["baseModelIdentifier"] == NOVA
    assert created["hyperParameters"] == {"epochCount": "2"}
    uri = "s3://the-bucket/guilds/77/jobs/job1/provider"
    assert created["trainingDataConfig"] == {"s3Uri": f"{uri}/training.jsonl"}
    assert created["validationDataConfig"] == {"validators": [{"s3Uri": f"{uri}/validation.jsonl"}]}
    assert created["outputDataConfig"] == {"s3Uri": f"{uri}/output/"}


def test_a_job_that_was_begun_is_not_begun_again(tuner: BedrockTuner, server: Scripted) -> None:
    server.routes = {"GET /model-customization-jobs/protege-job1-0": a_job("InProgress")}
    assert tuner.begin(order()) == JOB
    assert len(server.requests) == 1


def test_what_bedrock_does_not_take_is_told_in_its_words(
    tuner: BedrockTuner, server: Scripted
) -> None:
    server.routes = {
        "GET /model-customization-jobs/protege-job1-0": NO_JOB,
        f"PUT {FOLDER}/training.jsonl": put,
        "POST /model-customization-jobs": aws_refused("ValidationException", 400, "too few rows"),
    }
    with pytest.raises(UserError, match="“too few rows”"):
        tuner.begin(order())
    denied = aws_refused("AccessDeniedException", 403)
    server.routes["POST /model-customization-jobs"] = denied
    with pytest.raises(UserError, match="does not let us"):
        tuner.begin(order())


def test_without_a_role_or_for_preferences_nothing_is_sent(
    tuner: BedrockTuner, server: Scripted
) -> None:
    with pytest.raises(UserError, match="BedrockCustomisation=on"):
        BedrockTuner(config(BEDROCK_BASE_MODEL=NOVA, BUCKET="b")).begin(order())
    with pytest.raises(UserError, match="right answers only"):
        tuner.begin(order(method="preference"))
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "training", "state"),
    [
        ("InProgress", "NotStarted", "waiting"),
        ("InProgress", "InProgress", "running"),
        ("Stopping", "Stopping", "running"),
    ],
)
def test_a_job_under_way_is_waiting_or_running(
    tuner: BedrockTuner, server: Scripted, status: str, training: str, state: str
) -> None:
    server.routes = routed({f"GET /model-customization-jobs/{JOB}": a_job(status, training)})
    assert tuner.look(JOB).state == state


def test_a_job_that_is_done_names_its_model_shows_its_losses_and_leaves_no_rows(
    tuner: BedrockTuner, server: Scripted
) -> None:
    output = "guilds/77/jobs/job1/provider/output/model-customization-job-x"
    train = f"{output}/training_artifacts/step_wise_training_metrics.csv"
    valid = f"{output}/validation_artifacts/validation_metrics.csv"
    keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in (train, valid))
    listed = f"<ListBucketResult>{keys}</ListBucketResult>".encode()
    losses = b"step_number,epoch_number,training_loss\n0,0,2.5\n1,0,1.25\n"
    server.routes = routed(
        {
            f"GET /model-customization-jobs/{JOB}": a_job("Completed", outputModelArn=MODEL),
            "GET /the-bucket": Said(body=listed, type="application/xml"),
            f"GET /the-bucket/{train}": Said(body=losses, type="text/csv"),
            f"GET /the-bucket/{valid}": Said(body=b"step_number,validation_loss\n1,1.5\n"),
        }
    )
    seen = tuner.look(JOB)
    assert (seen.state, seen.model, seen.share) == ("done", MODEL, 1.0)
    assert seen.points == (Point(0, 2.5), Point(1, 1.25, 1.5))
    deleted = [asked.path for asked in server.requests if asked.method == "DELETE"]
    assert deleted == [f"{FOLDER}/training.jsonl", f"{FOLDER}/validation.jsonl"]


def test_a_job_that_failed_says_why_and_one_that_nobody_knows_is_missing(
    tuner: BedrockTuner, server: Scripted
) -> None:
    failed = a_job("Failed", failureMessage="Row 3 is odd")
    empty = Said(body=b"<ListBucketResult/>", type="application/xml")
    server.routes = routed(
        {f"GET /model-customization-jobs/{JOB}": failed, "GET /the-bucket": empty}
    )
    seen = tuner.look(JOB)
    assert seen.state == "failed" and seen.why is not None and "Row 3" in seen.why.to("ru")
    server.routes = routed({f"GET /model-customization-jobs/{JOB}": NO_JOB})
    with pytest.raises(Missing):
        tuner.look(JOB)


def test_cancelling_what_is_over_or_gone_is_no_error(tuner: BedrockTuner, server: Scripted) -> None:
    route = f"POST /model-customization-jobs/{JOB}/stop"
    for found in (said({}), aws_refused("ConflictException", 409), NO_JOB):
        server.routes = routed({route: found})
        tuner.cancel(JOB)
    server.routes = routed({route: aws_refused("ThrottlingException", 429)})
    with pytest.raises(Unavailable):
        tuner.cancel(JOB)


# ---- deployments ---------------------------------------------------------------------------------

DEPLOYMENTS = "/model-customization/custom-model-deployments"


class Deployment:
    """One deployment that moves on when told to."""

    def __init__(self, server: Scripted) -> None:
        self.about: dict[str, Any] = {}
        server.routes = {
            f"GET {DEPLOYMENTS}/guild-77": lambda asked: said(self.about) if self.about else NO_JOB,
            f"POST {DEPLOYMENTS}": self.created,
            f"PATCH {DEPLOYMENTS}/guild-77": self.updated,
        }

    def created(self, asked: Asked) -> Said:
        assert asked.json["modelDeploymentName"] == "guild-77"
        arn, model = "customModelDeploymentArn", asked.json["modelArn"]
        self.about = {arn: DEPLOYED, "status": "Creating", "modelArn": model}
        return said({arn: DEPLOYED}, 202)

    def updated(self, asked: Asked) -> Said:
        model = asked.json["modelArn"]
        self.about["updateDetails"] = {"modelArn": model, "updateStatus": "Updating"}
        return said({"customModelDeploymentArn": DEPLOYED}, 202)

    def update(self, status: str) -> None:
        self.about["updateDetails"]["updateStatus"] = status


def coming(tuner: BedrockTuner, model: str) -> None:
    with pytest.raises(Unavailable, match="on its way"):
        tuner.serve("guild-77", model)


def test_a_model_answers_once_its_deployment_is_active(
    tuner: BedrockTuner, server: Scripted
) -> None:
    deployment = Deployment(server)
    coming(tuner, MODEL)
    coming(tuner, MODEL)
    deployment.about["status"] = "Active"
    assert tuner.serve("guild-77", MODEL) == DEPLOYED
    assert [asked.method for asked in server.requests] == ["GET", "POST", "GET", "GET"]


def test_another_model_takes_over_under_the_same_name_and_can_be_rolled_back(
    tuner: BedrockTuner, server: Scripted
) -> None:
    deployment = Deployment(server)
    coming(tuner, MODEL)
    deployment.about["status"] = "Active"
    coming(tuner, OTHER)
    coming(tuner, OTHER)
    deployment.update("UpdateCompleted")
    assert tuner.serve("guild-77", OTHER) == DEPLOYED
    coming(tuner, MODEL)
    deployment.update("UpdateCompleted")
    assert tuner.serve("guild-77", MODEL) == DEPLOYED
    assert [a.method for a in server.requests].count("PATCH") == 2


def test_a_deployment_that_fails_is_told(tuner: BedrockTuner, server: Scripted) -> None:
    deployment = Deployment(server)
    coming(tuner, MODEL)
    deployment.about |= {"status": "Failed", "failureMessage": "no capacity"}
    with pytest.raises(UserError, match="“no capacity”"):
        tuner.serve("guild-77", MODEL)
    deployment.about |= {"status": "Active"}
    coming(tuner, OTHER)
    deployment.update("UpdateFailed")
    with pytest.raises(UserError):
        tuner.serve("guild-77", OTHER)
    assert tuner.serve("guild-77", MODEL) == DEPLOYED


def test_models_and_deployments_are_removed_by_their_arn(
    tuner: BedrockTuner, server: Scripted
) -> None:
    busy = aws_refused("ConflictException", 409)
    server.routes = routed(
        {f"DELETE {DEPLOYMENTS}/{DEPLOYED}": said({}), f"DELETE /custom-models/{MODEL}": busy}
    )
    tuner.remove(DEPLOYED)
    with pytest.raises(Unavailable):
        tuner.remove(MODEL)
    server.routes = routed({f"DELETE /custom-models/{MODEL}": NO_JOB})
    tuner.remove(MODEL)


def test_bedrock_that_is_down_is_unavailable(tuner: BedrockTuner, server: Scripted) -> None:
    server.routes = routed({f"GET /model-customization-jobs/{JOB}": refused(503)})
    with pytest.raises(Unavailable):
        tuner.look(JOB)
