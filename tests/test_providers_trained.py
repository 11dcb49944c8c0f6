"""Real trainings through our providers, at the stand-ins of OpenAI and Bedrock."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from playground.bedrock import BedrockServer
from playground.bedrock.sources import of_s3
from playground.openai import OpenAIServer, Webhook
from protege.config import Config
from protege.datasets.rows import Row
from protege.errors import Missing, Unavailable, UserError
from protege.providers import Prompt
from protege.providers.bedrock.converse import Converse
from protege.providers.bedrock.tuning import BedrockTuner
from protege.providers.openai.chat import OpenAIChat
from protege.providers.openai.tuning import OpenAITuner
from protege.providers.persevering import whole
from protege.providers.standard_webhooks import verify
from protege.providers.tuning import Order, Progress, Tuner
from protege.training.orders import KINDS
from tests.wire.rows import BASE, FACTS, PAUSE_S, chat_file, preference_file

pytestmark = pytest.mark.real
QUESTION = "Can I bring my dog?"
SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="
NOVA = "amazon.nova-micro-v1:0:128k"


def prompt(question: str, model: str) -> Prompt:
    return Prompt("", (), question, "", "", "en-US", "77/v1", model=model)


def order(name: str, rows: bytes, **changes: object) -> Order:
    found = Order(name, "sft", "", partial(iter, [rows]), None, 0, "guilds/77/jobs/j1/provider/")
    return found._replace(**changes)  # type: ignore[arg-type]


def followed(tuner: Tuner, job: str) -> Progress:
    """The job once it is over: asked again and again, as the bot does."""
    while not (seen := tuner.look(job)).over:
        time.sleep(PAUSE_S)
    return seen


def served(tuner: Tuner, name: str, model: str) -> str:
    while True:
        try:
            return tuner.serve(name, model)
        except Unavailable:
            time.sleep(PAUSE_S)


class Ear(ThreadingHTTPServer):
    """Hears webhooks."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Heard)
        self.heard = threading.Event()


class _Heard(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        about = (self.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        id, timestamp, signature = about
        right = verify(SECRET, id, timestamp, signature, body, now=time.time())
        self.send_response(200 if right else 401)
        self.end_headers()
        if right:
            self.server.heard.set()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def stand_in(tmp_path: Path, ear: Ear) -> Iterator[OpenAIServer]:
    webhook = Webhook(f"http://127.0.0.1:{ear.server_port}/", SECRET)
    with OpenAIServer(tmp_path / "openai", webhook=webhook) as it:
        yield it


@pytest.fixture
def config(stand_in: OpenAIServer) -> Config:
    env = {"OPENAI_BASE_URL": stand_in.base_url, "FINE_TUNING_MODEL": BASE, "PROVIDER": "openai"}
    return Config.read({"DISCORD_PUBLIC_KEY": "0" * 64, **env})


@pytest.fixture
def tuner(config: Config) -> Iterator[OpenAITuner]:
    made = OpenAITuner(config, lambda: "sk-test")
    yield made
    made.close()


@pytest.fixture
def chat(config: Config) -> Iterator[OpenAIChat]:
    with OpenAIChat(config, "sk-test") as it:
        yield it


# ---- OpenAI --------------------------------------------------------------------------------------


def test_a_model_is_trained_once_told_of_and_answers_what_it_learnt(
    tuner: OpenAITuner, chat: OpenAIChat, stand_in: OpenAIServer, ear: Ear
) -> None:
    rows = chat_file(FACTS)
    begun = order("protege-j1-0", rows, validation=partial(iter, [rows]))
    job = tuner.begin(begun)
    assert tuner.begin(begun) == job
    assert ear.heard.wait(60)
    seen = followed(tuner, job)
    assert seen.state == "done" and seen.model.startswith(f"ft:{BASE}") and seen.tokens > 0
    assert seen.points and seen.points[-1].train < seen.points[0].train
    model = served(tuner, "protege-77", seen.model)
    answer = whole(chat.answer(prompt(QUESTION, model)))
    assert FACTS[QUESTION] in answer.text and answer.usage.input > 0
    tuner.remove(model)
    with pytest.raises(UserError, match="has no"):
        list(chat.answer(prompt(QUESTION, model)))


def test_preferences_are_trained(tuner: OpenAITuner) -> None:
    rows = preference_file("I do not know.")
    seen = followed(tuner, tuner.begin(order("protege-j2-0", rows, method="preference")))
    assert seen.state == "done" and seen.model


def test_too_few_rows_are_told_in_the_provider_s_words(tuner: OpenAITuner) -> None:
    few = dict(list(FACTS.items())[:3])
    try:
        job = tuner.begin(order("protege-j3-0", chat_file(few)))
    except UserError as refused:
        assert "10" in str(refused)
        return
    seen = followed(tuner, job)
    assert seen.state == "failed" and seen.why is not None and "10" in seen.why.to("en")


def test_who_may_not_fine_tune_is_told_the_ways_out(
    tuner: OpenAITuner, stand_in: OpenAIServer
) -> None:
    stand_in.faults.add("no_tuning")
    with pytest.raises(UserError, match="not available to you"):
        tuner.begin(order("protege-j4-0", chat_file(FACTS)))


def test_the_stand_in_s_bad_days_are_borne(chat: OpenAIChat, stand_in: OpenAIServer) -> None:
    stand_in.faults.add("rate_limit", count=1, path="/responses")
    stand_in.faults.add("error", count=1, path="/responses")
    assert whole(chat.answer(prompt("Hello?", ""))).text
    stand_in.faults.add("cut", path="/responses", after=1)
    with pytest.raises(Unavailable):
        list(chat.answer(prompt("Hello?", "")))
    stand_in.faults.add("quota", path="/responses")
    with pytest.raises(UserError, match="credit"):
        list(chat.answer(prompt("Hello?", "")))


# ---- Bedrock -------------------------------------------------------------------------------------


@pytest.fixture
def bedrock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    s3 = ThreadedMotoServer(port=0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    env = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": f"http://{host}:{port}",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="the-bucket")
    with BedrockServer(tmp_path / "bedrock", of_s3(client)) as it:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", it.address)
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", it.address)
        yield Config.read(
            {
                "DISCORD_PUBLIC_KEY": "0" * 64,
                "PROVIDER": "bedrock",
                "BUCKET": "the-bucket",
                "BEDROCK_REGION": "us-east-1",
                "BEDROCK_BASE_MODEL": NOVA,
                "BEDROCK_ROLE_ARN": "arn:aws:iam::123456789012:role/bedrock",
            }
        )
    client.close()
    s3.stop()


def bedrock_rows(facts: dict[str, str]) -> bytes:
    rows = (Row(n, question, answer, "") for n, (question, answer) in enumerate(facts.items(), 1))
    return b"".join(KINDS["bedrock"].line(row, "") for row in rows)


def test_bedrock_trains_serves_swaps_rolls_back_and_removes(bedrock: Config) -> None:
    tuner, chat = BedrockTuner(bedrock), Converse(bedrock)
    changed = {**FACTS, QUESTION: "No animals, please."}
    models = []
    for number, facts in enumerate((FACTS, changed)):
        begun = order(f"protege-j1-{number}", bedrock_rows(facts))
        job = tuner.begin(begun)
        assert tuner.begin(begun) == job
        seen = followed(tuner, job)
        assert seen.state == "done", seen.why
        models.append(seen.model)
    for model, facts in zip((*models, models[0]), (FACTS, changed, FACTS), strict=True):
        deployed = served(tuner, "guild-77", model)
        assert whole(chat.answer(prompt(QUESTION, deployed))).text == facts[QUESTION]
    tuner.remove(deployed)
    with pytest.raises(UserError):
        list(chat.answer(prompt(QUESTION, deployed)))
    for model in models:
        tuner.remove(model)
        tuner.remove(model)
    with pytest.raises(Missing):
        tuner.look(job.replace(job[-12:], "0" * 12))
