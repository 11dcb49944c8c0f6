"""The main job over S3, DynamoDB, SQS and SSM (a moto server over HTTP)."""

import io
import random
import urllib.request
import zipfile
from collections.abc import Iterator

import pytest

from protege.app import App
from tests.clouds import bot_on
from tests.person import Person
from tests.recorder import Recorder
from tests.test_review import ask, correct, press
from tests.test_teaching import BETTER, QUESTION, jsonl, posted
from tools.cloud import Cloud, cloud

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as it:
        yield it


@pytest.fixture
def on_aws(aws: Cloud, discord: Recorder, monkeypatch: pytest.MonkeyPatch) -> App:
    return bot_on(aws, discord, monkeypatch)


def test_it_is_asked_corrected_trained_and_tested(on_aws: App, discord: Recorder) -> None:
    ada = Person(on_aws, discord)
    ada.slash("ask", question=QUESTION)
    assert "not been taught" in ada.sees
    ada.submit(ada.press(ada.buttons[2], posted(ada)), better=BETTER)
    ada.slash("ask", question=QUESTION)
    assert BETTER in ada.sees
    ada.slash("train", attachment=ada.upload("faq.jsonl", jsonl()), data_dir="faq")
    assert "version **v1** knows 9 lessons" in ada.sees
    assert discord.calls[-1].authorization == "Bot sample-bot-token", "the token comes from SSM"
    ada.slash("ask", question="how can I reset my password?")
    assert "Forgot password" in ada.sees
    ada.slash("test", test_data='{"input": "Do you ship to Norway?", "expected": "no"}')
    assert "**0 %** exactly right" in ada.sees


def test_the_ingress_reads_and_queues_without_boto3(on_aws: App, discord: Recorder) -> None:
    worker = Person(on_aws, discord)
    worker.guild = "79"
    worker.slash("ask", question=QUESTION)
    light = App(on_aws.config, on_aws._env, light=True)
    ingress = Person(light, discord)
    ingress.guild = worker.guild
    [suggested] = ingress.suggestions("correct", "message_id", "sundays")
    assert suggested["value"] == posted(worker)["id"]
    assert ingress.hand_in(ingress.command("ask", question="again?")) == {"type": 5}
    worker.wait()
    assert "again?" in worker.sees


def test_a_folder_is_packed_and_a_file_handed_out(on_aws: App, discord: Recorder) -> None:
    ada = Person(on_aws, discord)
    ada.guild = "81"
    rows, noise = b"question,answer\n", random.Random(1).randbytes(11 << 20)
    for name, body in (("rows.csv", rows), ("ж.bin", noise)):
        on_aws.files.write_stream(f"guilds/81/datasets/faq/{name}", [body])
    ingress = Person(App(on_aws.config, on_aws._env, light=True), discord)
    ingress.guild = ada.guild
    [suggested] = ingress.suggestions("archive", "directory", "FAQ")
    ada.slash("archive", directory=suggested["value"])
    last = discord.calls[-1].body
    url = last["embeds"][0]["description"].partition("](")[2].partition(")")[0]
    assert "2 files" in last["content"] and "X-Amz-Signature" in url
    with urllib.request.urlopen(url) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    assert archive.read("ж.bin") == noise and archive.read("rows.csv") == rows
    offered = [choice["value"] for choice in ingress.suggestions("getfile", "file_path", "rows")]
    assert offered == ["datasets/faq/rows.csv"]
    ada.slash("getfile", file_path=offered[0])
    assert discord.calls[-1].files == {"rows.csv": rows}


def test_corrections_are_reviewed_and_taken_back(on_aws: App, discord: Recorder) -> None:
    ada = Person(on_aws, discord)
    ada.guild = "80"
    ada.slash("settings", corrections="review")
    for better in (BETTER, "At one."):
        correct(ada, better)
    ada.slash("review")
    press(ada, "Approve")
    assert "1 waiting" in ada.sees
    press(ada, "Reject")
    assert "No correction is waiting" in ada.sees and BETTER in ask(ada)
    form = ada.slash("dataset add", path="faq")
    ada.submit(form, question="Where is the exit?", answer="Behind you.")
    ada.slash("select_dataset", path_to_dir_positive="faq")
    ada.slash("train", data_dir="faq")
    ada.slash("privacy")
    assert "corrections: **2**" in ada.sees and "v1: 2" in ada.sees
    press(ada, "Delete all of it")
    press(ada, "Yes, delete for ever")
    assert BETTER not in ask(ada) and "Behind" not in ask(ada, "Where is the exit?")
    left = [on_aws.files.read(key) for key in on_aws.files.names("guilds/80/")]
    models = [body for body in left if b"Behind you." in body]
    assert len(models) == 1, "only the version holds it, marked as stale"
    assert set(on_aws.models.stale("80")) == {1}
    assert not list(on_aws.files.buried("guilds/80/datasets/"))
