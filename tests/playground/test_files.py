"""Attachments: their links, and what may be done with them."""

import time

import pytest
import urllib3

from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.scripted_bot import ScriptedBot


def test_a_bot_attaches_files_and_keeps_some_on_edit(vera: Person, bot: ScriptedBot) -> None:
    where = f"/channels/{vera.channel}/messages"
    notes = [{"id": "0", "description": "first"}, {"id": "1", "filename": "renamed.md"}]
    files = [("a.txt", b"aaa"), ("b.txt", b"bb")]
    status, made = bot.send_files("POST", where, {"attachments": notes}, files)
    assert status == 200
    assert [a["filename"] for a in made["attachments"]] == ["a.txt", "renamed.md"]
    assert made["attachments"][0]["description"] == "first"
    kept = {"attachments": [{"id": made["attachments"][1]["id"]}, {"id": "0"}]}
    _, after = bot.send_files("PATCH", f"{where}/{made['id']}", kept, [("c.txt", b"c")])
    assert [a["filename"] for a in after["attachments"]] == ["renamed.md", "c.txt"]
    assert vera.violations() == []


def test_an_embed_shows_an_attached_picture(vera: Person, bot: ScriptedBot) -> None:
    body = {"embeds": [{"title": "x", "image": {"url": "attachment://a.png"}}]}
    where = f"/channels/{vera.channel}/messages"
    _, made = bot.send_files("POST", where, body, [("a.png", b"\x89PNG")])
    assert made["embeds"][0]["image"]["url"] == made["attachments"][0]["url"]


@pytest.mark.parametrize("change", ["ex", "hm", "name"])
def test_a_link_works_only_as_it_was_signed(change: str, vera: Person) -> None:
    url = vera.say("x", ("a.txt", b"abc"))["attachments"][0]["url"]
    assert urllib3.request("GET", url).data == b"abc"
    changed = {
        "ex": url.replace("ex=", "ex=f"),
        "hm": url[:-2] + ("0" if url[-2] != "0" else "1") + "&",
        "name": url.replace("a.txt", "b.txt"),
    }[change]
    assert urllib3.request("GET", changed).status == 404


def test_a_link_expires(vera: Person, server: Server) -> None:
    id = vera.say("x", ("a.txt", b"abc"))["attachments"][0]["id"]
    files = server.parts.files
    file = files.known(id)
    assert file is not None
    old = files.link(file, int(time.time()) - 25 * 3600)
    assert urllib3.request("GET", old).status == 404


def test_uploaded_pages_never_run(vera: Person) -> None:
    for name in ("a.html", "a.svg"):
        url = vera.say("x", (name, b"<script>alert(1)</script>"))["attachments"][0]["url"]
        headers = urllib3.request("GET", url).headers
        assert headers["Content-Disposition"] == "attachment"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


def test_a_file_of_more_than_ten_megabytes_is_refused(vera: Person, bot: ScriptedBot) -> None:
    where = f"/channels/{vera.channel}/messages"
    status, found = bot.send_files("POST", where, {}, [("a.bin", bytes((10 << 20) + 1))])
    assert (status, found["code"]) == (413, 40005)
