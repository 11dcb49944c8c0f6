"""A bot in a folder and a bot on AWS (moto over HTTP, its stack made by CloudFormation)."""

import json
import logging
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from protege.app import App
from tests.person import Person, configured
from tests.recorder import Recorder
from tools.keeping.clients import client, table
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.stack import StackPlace
from tools.translate import translated

ENDPOINT = "http://127.0.0.1:9/interactions"


@pytest.fixture(scope="module")
def region() -> Iterator[str]:
    """An address of AWS, in the environment as operators have it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    env = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        yield env["AWS_ENDPOINT_URL"]
    for made in (client, table):  # they know this address
        made.cache_clear()
    server.stop()


@pytest.fixture(scope="session")
def template() -> str:
    """What the bot's template keeps, and its rule."""
    resources = translated()["Resources"]
    schedule = {"ScheduleExpression": "rate(1 minute)", "State": "DISABLED"}
    kept = {name: resources[name] for name in ("Bucket", "Table")}
    del kept["Bucket"]["Properties"]["LifecycleConfiguration"]  # moto's knows no such filters
    ours = {"Type": resources["Registration"]["Type"], "Condition": "Never"}  # moto's calls Lambda
    rule = {"Type": "AWS::Events::Rule", "Properties": schedule}
    wanted = kept | {"WatcherEveryMinute": rule, "Registration": ours}
    outputs = {"InteractionsUrl": {"Value": ENDPOINT}}
    never = {"Never": {"Fn::Equals": ["yes", "no"]}}
    return json.dumps({"Resources": wanted, "Outputs": outputs, "Conditions": never})


@pytest.fixture
def aws(region: str) -> str:
    """The same address, with nothing behind it."""
    asked = urllib.request.Request(f"{region}/moto-api/reset", method="POST")
    urllib.request.urlopen(asked, timeout=60).close()
    return region


@pytest.fixture
def stack(aws: str, template: str) -> StackPlace:
    return deployed("Bot", template)


def deployed(name: str, template: str) -> StackPlace:
    """A new stack of that name, and its secrets."""
    cloudformation: Any = client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=template)
    client("ssm").put_parameter(Name=f"/{name}/discord-bot-token", Value="t", Type="SecureString")
    return StackPlace(name)


@pytest.fixture
def machine(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "machine")


@pytest.fixture(params=["machine", "stack"])
def home(request: pytest.FixtureRequest) -> Place:
    """Where a bot lives."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["machine", "stack"])
def other(request: pytest.FixtureRequest, tmp_path: Path, aws: str, template: str) -> Place:
    """Where it moves to: empty, and another than `home`."""
    if request.param == "machine":
        return FolderPlace(tmp_path / "other")
    return deployed("Other", template)


def living(place: Place, discord: Recorder, tmp_path: Path) -> Person:
    """A person in front of the bot that lives there."""
    if isinstance(place, FolderPlace):
        return Person(configured(discord, place.name), discord)
    assert isinstance(place, StackPlace)
    bot = configured(discord, str(tmp_path / "queue"))
    app = App(bot.config._replace(bucket=place.bucket, table=place.table), {})
    for part in ("queue", "alarm"):
        vars(app)[part] = getattr(bot, part)
    return Person(app, discord)
