"""A bot leaves: what goes is told first, agreed to by typing a name, and then nothing is left."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.bot import environment
from playground.discord.server import Server
from protege.app import App
from protege.config import Config
from protege.registrar import register
from tests.operating.conftest import ENDPOINT
from tests.operating.house import held, settled
from tools.keeping.clients import client
from tools.keeping.erase import main
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.stack import StackPlace

pytestmark = pytest.mark.real
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
    register(App(Config.read(found, keyless=True), found))
    server.parts.world.application["interactions_endpoint_url"] = ENDPOINT
    return found


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
    assert server.parts.catalogue.all()


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
    own = Path(machine.name) / "somebody's own.txt"
    own.touch()
    typed(monkeypatch, machine.name)
    assert main(["--folder", machine.name, "--do"], env) == 0
    assert list(Path(machine.name).iterdir()) == [own]
    assert server.parts.catalogue.all() == []
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
        ssm.put_parameter(Name=f"/Bot/more-{number}", Value="x", Type="String")
    ssm.put_parameter(Name="/Bother/discord-bot-token", Value="x", Type="String")
    for name in ("/aws/lambda/Bot-Worker-1", "/aws/lambda/Bother-Worker-1"):
        client("logs").create_log_group(logGroupName=name)
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | env) == 0
    assert token not in capsys.readouterr().out
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert [p["Name"] for p in ssm.describe_parameters()["Parameters"]] == [
        "/Bother/discord-bot-token"
    ]
    groups = client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/aws/lambda/Bother-Worker-1"]
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


def test_what_a_deleted_stack_left_behind_is_found_by_its_name(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket="bot-bucket-1a2b", CreateBucketConfiguration=region)
    client("dynamodb").create_table(
        TableName="Bot-Table-1A2B",
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
    settled(StackPlace("Bot"), "1")
    typed(monkeypatch, "Bot")
    assert main(["--stack", "Bot", "--do"], dict(os.environ) | NOWHERE) == 0
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("dynamodb").list_tables()["TableNames"] == []


def test_one_server_is_forgotten_and_the_others_stay(
    home: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(home, "1", "2", "22")
    home.files.delete("guilds/2/a")
    typed(monkeypatch, "2")
    where = ["--stack", "Bot"] if isinstance(home, StackPlace) else ["--folder", home.name]
    assert main([*where, "--guild", "2", "--do"], NOWHERE) == 0
    rows, files = held(home)
    assert {row.guild for row in home.rows()} == {"1", "22"} and len(rows) == 64
    assert {key.split("/")[1] for key in files} == {"1", "22"} and len(files) == 6
    assert list(home.files.buried("guilds/2/")) == []
