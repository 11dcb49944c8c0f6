"""What could not be done is listed with its reason, put back, or dropped: here and on AWS."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from protege.app import App
from protege.storage.aws import client
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Recorder
from tools.cloud import Cloud, cloud
from tools.dead_letters import Place, back, here, main, of_stack, on_aws, shown, taken


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as it:
        yield it


@pytest.fixture(params=["here", pytest.param("aws", marks=pytest.mark.real)])
def stored(
    request: pytest.FixtureRequest,
    discord: Recorder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> App:
    env = {"DATA_DIR": str(tmp_path)}
    if request.param == "aws":
        it: Cloud = request.getfixturevalue("aws")
        env = {
            "AWS_ENDPOINT_URL": it.url,
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "BUCKET": it.values["Bucket"],
            "TABLE": it.values["Table"],
            "WORK_QUEUE_URL": it.values["WorkQueue"],
            "DEAD_LETTERS_URL": it.values["DeadLetters"],
            "SECRETS_PREFIX": "/protege/",
        }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return configured(discord, env.pop("DATA_DIR", str(tmp_path)), **env)


def failed(ada: Person) -> str:
    """The id of a question that was given up, as nothing could be stored."""
    real = ada.app.answers
    ada.app.__dict__["answers"] = object()
    payload = ada.command("feedback", feedback_text="secret words")
    ada.hand_in(payload)
    for _ in range(3):
        delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
        assert delivery
        if work(ada.app, [delivery]):
            ada.app.queue.release(delivery.receipt)
        else:
            ada.app.queue.done(delivery.receipt)
    ada.app.__dict__["answers"] = real
    found: str = payload["id"]
    return found


def test_a_letter_says_why_it_is_dead_and_not_what_was_written(
    stored: App, discord: Recorder
) -> None:
    ada = Person(stored, discord)
    id = failed(ada)
    place = where(stored)
    [letter] = taken(place)
    assert json.loads(letter.body)["id"] == id
    assert letter.about == {"reason": "failed", "error": "AttributeError", "interaction": id}
    line = shown(letter)
    assert id in line and "feedback in 77" in line and "failed 3 times" in line
    assert "secret words" not in line
    place.letters.done(letter.receipt)


def test_a_letter_that_is_put_back_is_answered_once(stored: App, discord: Recorder) -> None:
    ada = Person(stored, discord)
    failed(ada)
    place = where(stored)
    [letter] = taken(place)
    back(place, letter)
    assert "I tried several times" in ada.sees
    ada.wait()
    assert ada.sees == "Thank you, noted."
    assert list(taken(place)) == []
    stored.queue.put(letter.body)
    before = len(discord.calls)
    ada.wait()
    assert len(discord.calls) == before, "whatever else brings it finds it done"


def test_the_command_lists_puts_back_and_drops(
    ada: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, env = failed(ada), failed(ada), {"DATA_DIR": str(tmp_path)}
    for _ in range(5):
        assert main([], env) == 0
    printed = capsys.readouterr().out
    assert printed.count(first) == printed.count(second) == 5, "looking harms nothing"
    assert main(["back", first], env) == 0
    ada.wait()
    assert ada.sees == "Thank you, noted."
    assert main(["drop", "12345"], env) == 1, "there is no such"
    assert main(["drop", "all"], env) == 0
    assert second in capsys.readouterr().out
    assert main(["back", "all"], env) == 0
    assert second not in capsys.readouterr().out


def test_what_the_queue_gave_up_by_itself_goes_back_too(ada: Person, tmp_path: Path) -> None:
    ada.hand_in(ada.command("feedback", feedback_text="nice"))
    while delivery := ada.app.queue.receive(wait_s=0, lease_s=60):
        ada.app.queue.release(delivery.receipt)
    assert main(["back", "all"], {"DATA_DIR": str(tmp_path)}) == 0
    ada.wait()
    assert ada.sees == "Thank you, noted."


def where(app: App) -> Place:
    """The tool's view of an app's storage."""
    config = app.config
    if config.on_aws:
        return on_aws(config.dead_letters_url, config.work_queue_url, config.table)
    return here(Path(config.data_dir))


@pytest.mark.real
def test_a_stacks_queues_and_records_are_found_by_its_name(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    queues = {name: {"Type": "AWS::SQS::Queue"} for name in ("DeadLetters", "WorkQueue")}
    id = {"AttributeName": "id", "AttributeType": "S"}
    table = {
        "AttributeDefinitions": [id],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    resources = {**queues, "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table}}
    client("cloudformation").create_stack(
        StackName="found", TemplateBody=json.dumps({"Resources": resources})
    )
    of_stack("found").letters.put("no work", about={"reason": "malformed"})
    assert main(["--stack", "found"]) == 0
    assert "malformed" in capsys.readouterr().out
    assert main(["--stack", "nothing"]) == 1
    assert "nothing does not exist" in capsys.readouterr().err
    del resources["DeadLetters"]
    client("cloudformation").create_stack(
        StackName="other", TemplateBody=json.dumps({"Resources": resources})
    )
    assert main(["--stack", "other"]) == 1
    assert "other has no dead letters" in capsys.readouterr().err
