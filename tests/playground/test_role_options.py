"""Options of a command that name a role."""

from typing import Any

import pytest
from playwright.sync_api import expect

from playground.discord.person import Person, Refusal
from playground.discord.server import Server
from tests.playground.browser import browser, visit
from tests.playground.scripted_bot import ScriptedBot
from tests.playground.test_page import begin

OPTION = {"type": 8, "name": "role", "description": "Who"}


@pytest.fixture(autouse=True)
def offered(bot: ScriptedBot) -> ScriptedBot:
    """The bot with a command that takes a role."""
    bot.script["call"] = {"type": 4, "data": {"content": "Called"}}
    command = {"name": "call", "type": 1, "description": "Call them", "options": [OPTION]}
    assert bot.register([command])[0] == 200
    return bot


def roles(server: Server, guild: str) -> dict[str, str]:
    """Ids of a guild's roles by name."""
    [found] = [g for g in server.parts.world.guilds.values() if g["name"] == guild]
    return {role["name"]: role["id"] for role in found["roles"]}


def test_the_chosen_role_is_told_whole(vera: Person, offered: ScriptedBot, server: Server) -> None:
    coach = roles(server, "Aurora Observatory")["Coach"]
    assert vera.slash("call", role=coach).message["content"] == "Called"
    data = offered.received[-1]["data"]
    assert data["options"] == [{"name": "role", "type": 8, "value": coach}]
    told = data["resolved"]["roles"][coach]
    assert (told["id"], told["name"], told["permissions"]) == (coach, "Coach", "0")
    assert vera.violations() == []


def test_everyone_is_a_role_too_with_the_id_of_its_guild(vera: Person, server: Server) -> None:
    everyone = roles(server, "Aurora Observatory")["@everyone"]
    assert everyone in server.parts.world.guilds
    assert vera.slash("call", role=everyone).message["content"] == "Called"


def test_another_guilds_role_cannot_be_chosen(vera: Person, server: Server) -> None:
    with pytest.raises(Refusal, match="Not one of the roles"):
        vera.slash("call", role=roles(server, "Книжный клуб")["Coach"])


def test_in_a_private_chat_there_is_none_to_choose(person: Any, server: Server) -> None:
    with pytest.raises(Refusal, match="Not one of the roles"):
        person("max", guild="").slash("call", role=roles(server, "Aurora Observatory")["Coach"])


def test_a_member_may_have_a_role_without_permissions(
    person: Any, offered: ScriptedBot, server: Server
) -> None:
    member = person("max")
    member.slash("call", role=roles(server, "Aurora Observatory")["Admin"])
    about = offered.received[-1]["member"]
    assert about["roles"] == [roles(server, "Aurora Observatory")["Coach"]]
    assert not int(about["permissions"]) & 32


@pytest.mark.real
def test_the_page_offers_the_guilds_roles(offered: ScriptedBot, server: Server) -> None:
    coach = roles(server, "Aurora Observatory")["Coach"]
    with browser() as running, visit(running, server.address) as page:
        begin(page, "call")
        page.get_by_test_id("offer-role").click()
        expect(page.get_by_test_id(f"choice-{coach}")).to_have_text("@Coach")
        page.get_by_test_id(f"choice-{coach}").click()
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("message").last).to_contain_text("Called")
    assert offered.received[-1]["data"]["options"][0]["value"] == coach
