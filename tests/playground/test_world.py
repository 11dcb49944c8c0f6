"""Who sees what, who may do what, and what is still there after a restart."""

import time
from pathlib import Path
from typing import Any

import pytest
import urllib3

from playground.discord.person import Person, Refusal
from playground.discord.server import Server
from protege.discord.snowflake import created_at
from tests.playground.conftest import scripted
from tests.playground.scripted_bot import ScriptedBot


def test_messages_of_one_guild_do_not_show_in_another(person: Any) -> None:
    person("max").say("here")
    assert person("max", guild="Книжный клуб").messages() == []


def test_a_private_chat_is_between_two(person: Any, bot: ScriptedBot) -> None:
    lina = person("lina", guild="")
    _, opened = bot.call("POST", "/users/@me/channels", {"recipient_id": lina.id})
    assert opened["id"] == lina.channel
    bot.call("POST", f"/channels/{lina.channel}/messages", {"content": "psst"})
    assert lina.messages()[-1]["content"] == "psst"
    with pytest.raises(Refusal, match="Missing Access"):
        person("max").messages(lina.channel)


def test_news_of_private_things_reach_only_their_person(
    person: Any, server: Server, bot: ScriptedBot
) -> None:
    vera, lina = person("vera"), person("lina", guild="")
    private = vera.slash("dataset show").message["id"]
    direct = lina.say("psst")["id"]
    told = {
        one.name: {e.data.get("id") for e in server.parts.hub.after(0, one.id, 0)}
        for one in (vera, lina, person("max"))
    }
    assert {name for name, ids in told.items() if private in ids} == {"vera"}
    assert {name for name, ids in told.items() if direct in ids} == {"lina"}


@pytest.mark.parametrize(("channel", "code"), [("announcements", 50013), ("staff", 50001)])
def test_the_bot_may_not_write_everywhere(
    channel: str, code: int, person: Any, bot: ScriptedBot
) -> None:
    place = person("vera", channel=channel).channel
    status, found = bot.call("POST", f"/channels/{place}/messages", {"content": "x"})
    assert (status, found["code"]) == (403, code)


def test_members_neither_see_staff_nor_write_announcements(person: Any) -> None:
    with pytest.raises(LookupError):
        person("max", channel="staff")
    with pytest.raises(Refusal, match="Missing Permissions"):
        person("max", channel="announcements").say("x")


def test_the_bot_changes_and_deletes_only_its_own_messages(vera: Person, bot: ScriptedBot) -> None:
    where = f"/channels/{vera.channel}/messages"
    hers = vera.say("hers")["id"]
    own = bot.call("POST", where, {"content": "own"})[1]["id"]
    assert bot.call("PATCH", f"{where}/{hers}", {"content": "x"})[1]["code"] == 50005
    assert bot.call("DELETE", f"{where}/{hers}")[1]["code"] == 50013
    assert bot.call("PATCH", f"{where}/{own}", {"content": "x"})[1]["edited_timestamp"]
    assert bot.call("DELETE", f"{where}/{own}")[0] == 204
    assert bot.call("GET", f"{where}/{own}")[1]["code"] == 10008
    assert bot.call("POST", "/channels/1/messages", {"content": "x"})[1]["code"] == 10003


def test_the_same_nonce_sends_one_message(vera: Person, bot: ScriptedBot) -> None:
    body = {"content": "once", "nonce": "7-0", "enforce_nonce": True}
    where = f"/channels/{vera.channel}/messages"
    ids = {bot.call("POST", where, body)[1]["id"] for _ in range(2)}
    assert len(ids) == 1
    assert bot.call("POST", where, {**body, "nonce": "7-1"})[1]["id"] not in ids


def test_ids_tell_when_they_were_made_and_grow(server: Server) -> None:
    ids = [int(server.parts.world.ids.next()) for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert abs(created_at(str(ids[0])) - time.time()) < 5


def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    with Server(tmp_path) as server, scripted(server) as bot:
        server.parts.desk.url = bot.url
        bot.register()
        vera = Person(server.address)
        said = vera.say("remember me", ("a.txt", b"abc"))
        bot.script["dataset"] = {"type": 5}
        thinking = vera.slash("dataset show").message
        hook, key = bot.webhook(bot.received[-1]), server.parts.world.public_key
    with Server(tmp_path) as server, scripted(server) as bot:
        assert server.parts.world.public_key == key
        vera = Person(server.address)
        assert vera.messages()[0]["id"] == said["id"]
        assert urllib3.request("GET", vera.messages()[0]["attachments"][0]["url"]).data == b"abc"
        assert "ask" in [c["name"] for c in vera.commands()]
        assert bot.call("PATCH", f"{hook}/messages/@original", {"content": "done"})[0] == 200
        assert vera.messages()[-1]["id"] == thinking["id"]


def test_other_pages_in_the_browser_are_kept_out(server: Server) -> None:
    where = f"{server.address}/playground/world"
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert urllib3.request("GET", where, headers=headers).status == 403
    assert urllib3.request("GET", where, headers={"Origin": server.address}).status == 200
