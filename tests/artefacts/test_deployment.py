"""The deployment of the built functions, as it should go, and as it may go wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from tools.front import careless
from tools.pump import Pumped
from tools.rehearsal import STACK, Rehearsal
from tools.rehearse import play
from tools.replay import World

pytestmark = pytest.mark.real
OLD = {"type": 1, "name": "old", "description": "From before"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("discord")) as it:
        yield it


@pytest.fixture(scope="module")
def deployed(here: World, server: Server) -> Iterator[Rehearsal]:
    """A stack that went through all steps of `make rehearse`."""
    told: list[str] = []
    with Rehearsal(here, server) as it:
        well = play(it, told.append)
        assert well, "".join([*told, it.log])
        yield it


@pytest.fixture
def stage(deployed: Rehearsal) -> Iterator[Rehearsal]:
    """The deployed stack; whatever a test does to it is undone."""
    yield deployed
    deployed.discord.parts.journal.forgive()
    deployed.start_ingress(deployed.application("Update"))
    assert deployed.registration("Update")["Status"] == "SUCCESS"


def commands(stage: Rehearsal) -> dict[str, str]:
    return {c["name"]: c["description"] for c in stage.discord.parts.catalogue.all()}


def endpoint(stage: Rehearsal) -> Any:
    return stage.discord.parts.world.application["interactions_endpoint_url"]


def sent(stage: Rehearsal) -> list[str]:
    """The changes of commands that Discord was asked for, so far."""
    loose = stage.discord.parts.journal.loose()
    return [c["method"] for c in loose if "/commands" in c["path"] and c["method"] != "GET"]


def test_it_goes_as_it_should(deployed: Rehearsal) -> None:
    assert endpoint(deployed) == deployed.front.url
    assert "ask" in commands(deployed)


def test_an_endpoint_that_takes_forgeries_is_refused(stage: Rehearsal) -> None:
    stage.discord.parts.catalogue.add(OLD)
    before = commands(stage)
    stage.front.answer = careless
    told = stage.registration("Update")
    assert told["Status"] == "FAILED" and "anybody could speak" in told["Reason"]
    assert commands(stage) == before and "old" in before


def test_a_wrong_public_key_is_told_in_words(stage: Rehearsal) -> None:
    stage.discord.parts.catalogue.add(OLD)
    known = stage.application("Update")
    stage.start_ingress({"Data": {**known["Data"], "PublicKey": "5a" * 32}})
    told = stage.registration("Update")
    assert told["Status"] == "FAILED" and "public key of this very application" in told["Reason"]
    assert "old" in commands(stage) and endpoint(stage) == stage.front.url


def test_a_discord_that_breaks_in_the_middle_leaves_all_as_it_was(stage: Rehearsal) -> None:
    catalogue, faults = stage.discord.parts.catalogue, stage.discord.parts.faults
    catalogue.add({**catalogue.all()[0], "description": "Another text"})
    catalogue.add(OLD)
    before = commands(stage)
    faults.add({"kind": "error", "status": 500, "method": "DELETE", "path": "com", "count": 5})
    told = stage.registration("Update")
    assert told["Status"] == "FAILED" and "500" in told["Reason"]
    assert commands(stage) == before


def test_an_update_sends_only_what_changed(stage: Rehearsal) -> None:
    catalogue = stage.discord.parts.catalogue
    catalogue.add({**catalogue.all()[0], "description": "Another text"})
    catalogue.add(OLD)
    begun = len(sent(stage))
    told = stage.registration("Update")
    assert (told["Data"]["Changed"], told["Data"]["Removed"], told["Data"]["Created"]) == (1, 1, 0)
    assert sent(stage)[begun:] == ["POST", "DELETE"]


def test_a_rolled_back_update_brings_the_former_endpoint_back(stage: Rehearsal) -> None:
    """CloudFormation sends an Update with the former properties once more."""
    failed = stage.registration("Update", EndpointUrl="http://127.0.0.1:9/interactions")
    assert failed["Status"] == "FAILED" and "cannot be reached" in failed["Reason"]
    assert endpoint(stage) == stage.front.url
    rolled_back = stage.registration(
        "Update", OldResourceProperties={"EndpointUrl": "http://127.0.0.1:9/interactions"}
    )
    assert rolled_back["Status"] == "SUCCESS" and endpoint(stage) == stage.front.url


def test_a_wrong_token_is_told_in_words(stage: Rehearsal) -> None:
    ssm, name = stage.aws.client("ssm"), f"/{STACK}/discord-bot-token"
    good = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    ssm.put_parameter(Name=name, Value="wrong-token", Type="SecureString", Overwrite=True)
    try:
        stage.start("Registrar")
        told = stage.application("Create")
    finally:
        ssm.put_parameter(Name=name, Value=good, Type="SecureString", Overwrite=True)
    assert told["Status"] == "FAILED" and "Reset Token" in told["Reason"]
    assert "wrong-token" not in told["Reason"]


def test_a_missing_token_is_told_with_its_name(stage: Rehearsal) -> None:
    stage.start("Registrar", SECRETS_PREFIX="/nobody/")
    told = stage.application("Create")
    stage.start("Registrar")
    assert told["Status"] == "FAILED"
    assert told["Reason"] == "SSM does not give /nobody/discord-bot-token: ParameterNotFound"


def test_a_token_that_was_changed_is_noticed_at_once(stage: Rehearsal) -> None:
    """Functions that run keep the old one; Discord's refusal has them read the new one."""
    application = stage.discord.parts.world.application
    member = Person(stage.discord.address, "vera")
    application["bot_token"] = "playground.token-after-its-reset"
    stage.secrets("--overwrite", DISCORD_BOT_TOKEN=application["bot_token"])
    assert stage.registration("Update")["Status"] == "SUCCESS"
    outcome = member.slash("ask", question="Are you still there?")
    assert stage.work() == Pumped(1, 1)
    assert "not been taught" in member.answer_to(outcome)["content"]


def test_a_setting_that_makes_no_sense_is_told(stage: Rehearsal) -> None:
    stage.start("Registrar", GUILD_BUDGET_USD="much")
    told = stage.registration("Update")
    stage.start("Registrar")
    assert told["Status"] == "FAILED" and "GUILD_BUDGET_USD is not a number" in told["Reason"]
