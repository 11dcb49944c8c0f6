"""A whole run of the deployed functions with planted secrets: nothing that they write holds one.

Where a secret must be, it is: in SSM, and in the Authorization header of the very request.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from tests.person import snowflake
from tests.planted import HOOK, OPENAI, SECRETS, TOKEN, TUNING, Leak, Provider, leaks, talkative
from tools import events
from tools.front import careless
from tools.pump import Pumped
from tools.rehearsal import Rehearsal
from tools.rehearse import play
from tools.replay import World

pytestmark = pytest.mark.real
LATE_MS = 20 * 60 * 1000
ANSWERING = "planted-by-aws"
"""The signature in the addresses at which CloudFormation waits."""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with talkative(401, 400, 403) as it:
        yield it


@pytest.fixture(scope="module")
def run(
    here: World, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """All that was written in a run, by where."""
    written: dict[str, str] = {}
    with Server(tmp_path_factory.mktemp("discord")) as discord:
        discord.parts.world.application["bot_token"] = TOKEN
        with Rehearsal(here, discord) as stage:
            told: list[str] = []
            assert play(stage, told.append), "".join([*told, stage.log])
            _all_secrets(stage, written)
            tokens = _bad_days(stage, provider)
            written["the log"] = stage.log
            written["CloudFormation"] = _cloudformation(here)
            written["Discord"] = _discord(discord)
            written["AWS"] = _aws(stage)
            written["the rehearsal"] = "".join(told)
    written["tokens"] = "\n".join(tokens)
    yield written


def _all_secrets(stage: Rehearsal, written: dict[str, str]) -> None:
    """Rehearsed with two of them; now the others."""
    about = {
        "DISCORD_BOT_TOKEN": TOKEN,
        "OPENAI_API_KEY": OPENAI,
        "FINE_TUNING_API_KEY": TUNING,
        "OPENAI_WEBHOOK_SECRET": HOOK,
    }
    written["make secrets"] = stage.secrets("--overwrite", **about)


def _bad_days(stage: Rehearsal, provider: Provider) -> list[str]:
    """Whatever goes wrong in ways that tempt to tell too much; returns interactions' tokens."""
    vera = Person(stage.discord.address, "vera")
    faults = stage.discord.parts.faults
    models = {"PROVIDER": "openai", "OPENAI_BASE_URL": provider.url}
    tuning = {"FINE_TUNING_BASE_URL": provider.url, "FINE_TUNING_MODEL": "m"}
    stage.start("Worker", **models, **tuning)
    for command, options in (("ask", {"question": "What do you know?"}), ("status", {})):
        vera.slash(command, **options)
        _finish(stage)
    faults.add({"kind": "error", "status": 400, "code": 50035, "path": "@original", "count": 2})
    vera.slash("ask", question="Discord refuses this")
    _finish(stage)
    _nonsense(stage)
    _registrar(stage)
    return [_token(e) for e in stage.discord.parts.journal.exchanges()]


def _token(exchange: dict[str, Any]) -> str:
    return str(exchange["payload"]["token"])


def _nonsense(stage: Rehearsal) -> None:
    """Poison in the queue, a forged webhook, a token that no header can hold."""
    url = stage.aws.values["WorkQueue"]
    stage.aws.client("sqs").send_message(QueueUrl=url, MessageBody="not json")
    _finish(stage)
    hook = json.loads((events.EVENTS / "Watcher/webhook_old.json").read_text())
    watcher = stage.start("Watcher")
    watcher.invoke(hook)
    watcher.invoke({})
    ssm = stage.aws.client("ssm")
    put = {"Name": "/rehearsal/discord-bot-token", "Type": "SecureString", "Overwrite": True}
    ssm.put_parameter(Value=f"{TOKEN}\nsecond line", **put)
    stage.start("Worker")
    payload = json.loads((events.EVENTS / "payloads/ask.json").read_text())
    old = int(snowflake()) - (LATE_MS << 22)  # its token has run out: the bot writes by its own
    payload |= {"id": str(old), "token": "token-of-nobody"}
    stage.aws.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(payload))
    _finish(stage)
    stage.start("Registrar")
    assert stage.application()["Status"] == "FAILED"
    ssm.put_parameter(Value=TOKEN, **put)


def _registrar(stage: Rehearsal) -> None:
    """Every way in which a registration fails."""
    stage.start("Registrar")
    faults = stage.discord.parts.faults
    faults.add({"kind": "error", "status": 401, "path": "applications/@me", "count": 2})
    assert stage.application()["Status"] == "FAILED"
    assert stage.registration(EndpointUrl=3)["Status"] == "FAILED"
    stage.front.answer = careless
    assert stage.registration()["Status"] == "FAILED"


def _finish(stage: Rehearsal) -> None:
    """Until the queue is empty, however often it is tried."""
    while stage.work() != Pumped(0, 0):
        pass


def _cloudformation(here: World) -> str:
    calls = [call for call in here.discord.calls if call.path.startswith("/cloudformation")]
    assert len(calls) > 8
    return json.dumps([call.body for call in calls])


def _discord(discord: Server) -> str:
    """Messages, calls and answers."""
    journal = discord.parts.journal
    return json.dumps([journal.loose(), journal.exchanges(), journal.violations()])


def _aws(stage: Rehearsal) -> str:
    """Everything but SSM: records, files, messages left and given up."""
    found: list[Any] = []
    found += stage.aws.client("dynamodb").scan(TableName="table")["Items"]
    s3, sqs = stage.aws.client("s3"), stage.aws.client("sqs")
    for entry in s3.list_objects_v2(Bucket="bucket").get("Contents", []):
        body = s3.get_object(Bucket="bucket", Key=entry["Key"])["Body"].read()
        found.append([entry["Key"], body.decode(errors="replace")])
    for queue in ("WorkQueue", "DeadLetters"):
        about = {"QueueUrl": stage.aws.values[queue], "MaxNumberOfMessages": 10}
        asked = sqs.receive_message(**about, MessageAttributeNames=["All"])
        found.append(asked.get("Messages", []))
    return json.dumps(found, default=str, ensure_ascii=False)


def _found(run: dict[str, str], secrets: dict[str, str]) -> list[Leak]:
    return [leak for where, text in run.items() for leak in leaks(where, text, secrets)]


def test_no_secret_is_anywhere_but_where_it_must_be(run: dict[str, str]) -> None:
    assert _found({n: t for n, t in run.items() if n != "tokens"}, SECRETS) == []


def test_the_key_was_used_all_the_same(run: dict[str, str], provider: Provider) -> None:
    assert f"Bearer {OPENAI}" in provider.heard
    assert len(run["the log"]) > 5000 and '"level": "ERROR"' in run["the log"]
    assert "not been taught" in run["Discord"]


def test_no_address_that_may_answer_in_our_place_is_told(run: dict[str, str]) -> None:
    told = {name: run[name] for name in ("the log", "CloudFormation", "AWS")}
    assert _found(told, {"ResponseURL": ANSWERING}) == []


def test_no_interactions_token_is_in_the_log(run: dict[str, str]) -> None:
    tokens = dict(enumerate(run["tokens"].split()))
    assert len(tokens) >= 4
    assert _found({"log": run["the log"]}, {str(n): token for n, token in tokens.items()}) == []


def test_settings_that_functions_are_given_hold_none(here: World) -> None:
    values = {**here.values, **here.aws.values}
    given = {name: str(f.environment(values)) for name, f in here.functions.items()}
    assert _found(given, SECRETS) == []
    assert not [n for text in given.values() for n in ("BOT_TOKEN", "API_KEY") if n in text]


def test_a_leak_would_be_found(run: dict[str, str]) -> None:
    """The same search, where one was planted into the log."""
    with_leak = {"the log": f'{run["the log"]}\n{{"headers": "Bot {TOKEN}"}}'}
    [leak] = _found(with_leak, SECRETS)
    assert (leak.secret, leak.form) == ("discord-bot-token", "plain")
