"""A bot leaves: what goes is told first, agreed to by typing a name, and then nothing is left."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from playground.bot import environment
from playground.discord.server import Server
from protege.app import App
from protege.config import Config
from protege.registrar import register
from tests.operating.conftest import ENDPOINT
from tests.operating.house import held, settled
from tools.keeping import leaving
from tools.keeping.clients import client
from tools.keeping.erase import main
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.rows import Row
from tools.keeping.stack import StackPlace

pytestmark = pytest.mark.real
OTHERS = ["/Bot/database-password", "/Bother/discord-bot-token"]
GROUPS = ["Bot-mailer-1", "Bot-test-Worker-1", "Bother-Worker-1"]
"""Of others, though they are named alike."""
NOWHERE = {"DISCORD_API": "http://127.0.0.1:9", "DISCORD_BOT_TOKEN": ""}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "discord") as it:
        yield it


@pytest.fixture
def env(server: Server, tmp_path: Path) -> dict[str, str]:
    """What an operator has set who runs a bot on this machine; its commands are registered."""
    given = environment(server, tmp_path / "bot", 0)
    found = {name: given[name] for name in ("DISCORD_BOT_TOKEN", "DISCORD_API")}
    app = App(Config.read(found, keyless=True), found)
    register(app)
    register(app, tried_on(server))
    server.parts.world.application["interactions_endpoint_url"] = ENDPOINT
    return found


def tried_on(server: Server) -> str:
    """The last of the servers that the bot is on."""
    return max((guild["id"] for guild in server.parts.world.joined), key=int)


def typed(patch: pytest.MonkeyPatch, text: str) -> None:
    patch.setattr("sys.stdin", io.StringIO(f"{text}\n"))


def test_without_do_it_only_tells(
    machine: FolderPlace, env: dict[str, str], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    settled(machine, "1")
    before = held(machine)
    assert main(["--folder", machine.name], env) == 0
    told = capsys.readouterr().out
    assert "commands of" in told and machine.name in told and "Nothing was deleted" in told
    assert held(machine) == before
    assert server.parts.catalogue.all() and server.parts.catalogue.all(tried_on(server))
    assert f"on the server {tried_on(server)} alone" in told


def test_another_name_deletes_nothing(
    machine: FolderPlace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settled(machine, "1")
    typed(monkeypatch, "yes")
    assert main(["--folder", machine.name, "--do"], NOWHERE) == 1
    assert "another name" in capsys.readouterr().out
    assert len(held(machine)[1]) == 3


def test_a_machine_forgets_all_and_discord_too(
    machine: FolderPlace, env: dict[str, str], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(machine, "1")
    machine.wake()
    own = [Path(machine.name) / name for name in ("files/own.txt", "own.txt", "records.sqlite.bak")]
    for path in own:
        path.touch()
    typed(monkeypatch, machine.name)
    assert main(["--folder", machine.name, "--do"], env) == 0
    assert sorted(path for path in Path(machine.name).rglob("*") if path.is_file()) == own
    assert server.parts.catalogue.all() == server.parts.catalogue.all(tried_on(server)) == []
    assert server.parts.world.application["interactions_endpoint_url"] is None


def test_of_a_stack_nothing_stays(
    stack: StackPlace,
    env: dict[str, str],
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settled(stack, "1")
    stack.files.delete("guilds/1/a")
    ssm: Any = client("ssm")
    token = env.pop("DISCORD_BOT_TOKEN")
    ssm.put_parameter(
        Name="/Bot/discord-bot-token", Value=token, Type="SecureString", Overwrite=True
    )
    for number in range(12):
        ssm.put_parameter(Name=f"/Bot/replies/{number}", Value="x", Type="SecureString")
    for name in OTHERS:
        ssm.put_parameter(Name=name, Value="x", Type="String")
    for name in ("Bot-Worker-1", *GROUPS):
        client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | env) == 0
    assert token not in capsys.readouterr().out
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert sorted(p["Name"] for p in ssm.describe_parameters()["Parameters"]) == OTHERS
    groups = client("logs").describe_log_groups()["logGroups"]
    assert sorted(group["logGroupName"].rpartition("/")[2] for group in groups) == GROUPS
    assert server.parts.catalogue.all() == []
    assert server.parts.world.application["interactions_endpoint_url"] is None
    with pytest.raises(SystemExit, match="no Bucket and no Table"):
        StackPlace("Bot")


def test_an_application_that_has_moved_elsewhere_is_left_alone(
    stack: StackPlace, env: dict[str, str], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = "http://127.0.0.1:9/elsewhere"
    server.parts.world.application["interactions_endpoint_url"] = now
    token = {"Name": "/Bot/discord-bot-token", "Value": env.pop("DISCORD_BOT_TOKEN")}
    client("ssm").put_parameter(**token, Type="SecureString", Overwrite=True)
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | env) == 0
    assert server.parts.world.application["interactions_endpoint_url"] == now
    assert server.parts.catalogue.all()
    assert client("dynamodb").list_tables()["TableNames"] == []


def test_an_application_without_an_endpoint_is_not_a_stacks(
    stack: StackPlace, env: dict[str, str], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.parts.world.application["interactions_endpoint_url"] = None
    token = {"Name": "/Bot/discord-bot-token", "Value": env.pop("DISCORD_BOT_TOKEN")}
    client("ssm").put_parameter(**token, Type="SecureString", Overwrite=True)
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | env) == 0
    assert server.parts.catalogue.all(), "it answers by the gateway, from some machine"


def bucket(name: str, region: str = "eu-west-1") -> None:
    there: Any = boto3.client("s3", region_name=region)
    there.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})


def table(name: str) -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "kind", "AttributeType": "S"},
            {"AttributeName": "id", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "kind", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
        DeletionProtectionEnabled=True,
    )


def kept() -> set[str]:
    """All buckets and tables of the account."""
    buckets = {one["Name"] for one in client("s3").list_buckets()["Buckets"]}
    return buckets | set(client("dynamodb").list_tables()["TableNames"])


def test_what_a_deleted_stack_left_behind_is_found_by_its_name(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket("bot-bucket-1a2b3c4d5e6f")
    table("Bot-Table-1A2B3C4D5E6F")
    bucket("bot-bucket-photos")
    bucket("bot-bucket-bucket-1a2b3c4d5e6f")
    bucket("bot-bucket-9a9b9c9d9e9f", "eu-central-1")
    table("Bot-Table-of-somebody")
    settled(StackPlace("Bot"), "1")
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | NOWHERE) == 0
    assert kept() == {
        *("bot-bucket-photos", "bot-bucket-bucket-1a2b3c4d5e6f", "bot-bucket-9a9b9c9d9e9f"),
        "Bot-Table-of-somebody",
    }


def test_of_a_leaving_that_was_interrupted_the_rest_goes(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client("ssm").put_parameter(Name="/Bot/openai-api-key", Value="x", Type="SecureString")
    table("Bot-Table-1A2B3C4D5E6F")
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | NOWHERE) == 0
    assert kept() == set() and not client("ssm").describe_parameters()["Parameters"]
    with pytest.raises(SystemExit, match="nothing of Bot"):
        main(["--stack", "Bot", "--do"], dict(os.environ) | NOWHERE)


def test_which_of_two_is_meant_is_not_guessed(aws: str) -> None:
    table("Bot-Table-1A2B3C4D5E6F")
    table("Bot-Table-1A2B3C4D5E6G")
    with pytest.raises(SystemExit, match="more than one Table"):
        main(["--stack", "Bot", "--do"], dict(os.environ) | NOWHERE)
    assert len(kept()) == 2


def test_a_stack_of_something_else_is_not_touched(aws: str, template: str) -> None:
    foreign = json.loads(template)
    del foreign["Resources"]["Registration"]
    client("cloudformation").create_stack(StackName="Shop", TemplateBody=json.dumps(foreign))
    with pytest.raises(SystemExit, match="something else"):
        main(["--stack", "Shop", "--do"], dict(os.environ) | NOWHERE)
    assert len(kept()) == 2


def test_a_voice_worker_has_ended_before_its_cluster_goes(aws: str) -> None:
    ecs, ec2 = client("ecs"), client("ec2")
    ecs.create_cluster(clusterName="voice")
    ecs.register_task_definition(
        family="voice", containerDefinitions=[{"name": "voice", "image": "voice", "memory": 512}]
    )
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}}
    started = ecs.run_task(
        cluster="voice",
        taskDefinition="voice",
        launchType="FARGATE",
        networkConfiguration=network,
    )
    [step] = leaving.voices("voice")
    step.do()
    tasks = [started["tasks"][0]["taskArn"]]
    assert ecs.describe_tasks(cluster="voice", tasks=tasks)["tasks"][0]["lastStatus"] == "STOPPED"


def test_one_server_is_forgotten_and_the_others_stay(
    home: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(home, "1", "2", "22")
    home.put([Row("voice-call", "2", 1, None, {}), Row("saying", "9", 1, None, {"guild": "2"})])
    home.files.delete("guilds/2/a")
    typed(monkeypatch, "2")
    where = ["--stack", "Bot"] if isinstance(home, StackPlace) else ["--folder", home.name]
    assert main([*where, "--guild", "2", "--do"], NOWHERE) == 0
    rows, files = held(home)
    assert {row.guild for row in home.rows()} == {"1", "22"} and len(rows) == 64
    assert {key.split("/")[1] for key in files} == {"1", "22"} and len(files) == 6
    assert list(home.files.buried("guilds/2/")) == []
