"""The code is rolled back: what newer code wrote has fields that nobody here knows."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from protege.app import App
from protege.discord.reply import Button, Embed, File, Reply
from protege.outbox import Outbox
from protege.shapes import in_order, shaped
from protege.voice.orders import Order
from tests.person import Person
from tests.test_arena import duel
from tests.test_privacy import add
from tests.test_review import WIFI, ask, correct, press
from tests.test_teaching import BETTER, QUESTION, train
from tests.trainings import advanced, begun

NEWER = {"from_the_future": {"and": ["more"]}}
LINES = ("rows.jsonl", "lessons.jsonl")


class Pair(NamedTuple):
    """What is kept."""

    one: str
    two: int = 2


def upgrade_and_roll_back(app: App) -> None:
    """Every record, and every line of what was learnt, gets a field of newer code."""
    with closing(sqlite3.connect(Path(app.config.data_dir) / "records.sqlite")) as records:
        patched = "UPDATE records SET fields = json_patch(fields, ?)"
        assert records.execute(patched, (json.dumps(NEWER),)).rowcount
        records.commit()
    for key in list(app.files.names("guilds/")):
        if key.endswith(LINES) or "/datasets/" in key:
            rewrite(app, key, b"".join(newer(app.files.read(key))))


def rewrite(app: App, key: str, body: bytes) -> None:
    """As newer code would have written it: a version's manifest knows the hash."""
    app.files.write(key, body)
    folder, _, name = key.rpartition("/")
    if "/models/" in folder:
        manifest = json.loads(app.files.read(f"{folder}/manifest.json"))
        manifest["files"][name] = sha256(body).hexdigest()
        app.files.write(f"{folder}/manifest.json", json.dumps(manifest | NEWER).encode())


def newer(body: bytes) -> Iterator[bytes]:
    """Its lines of JSON, each with another field."""
    for line in body.splitlines():
        yield json.dumps({**json.loads(line), **NEWER}).encode() + b"\n"


def test_unknown_fields_are_passed_over_and_missing_ones_are_not() -> None:
    assert shaped(Pair, {"one": "a", **NEWER}) == Pair("a")
    assert in_order(Pair, ["a", 3, "new"]) == Pair("a", 3)
    with pytest.raises(TypeError):
        shaped(Pair, NEWER)


def test_a_server_goes_on_with_what_newer_code_wrote(ada: Person, app: App) -> None:
    ada.slash("settings", corrections="review")
    add(ada, "faq", WIFI, "Ask at the bar.")
    ada.slash("select_dataset", path_to_dir_positive="faq")
    train(ada, data=f"{WIFI} => Ask at the bar.")
    train(ada, data="Who cooks? => Eve.")
    correct(ada)
    ask(ada)
    ada.press(ada.buttons[1])
    duel(ada)
    upgrade_and_roll_back(app)
    fresh = Person(App(app.config, {}), ada.discord)
    assert "Ask at the bar." in ask(fresh, WIFI)
    for command in ("jobs", "model list", "model history", "dataset list", "settings", "status"):
        fresh.slash(command)
    fresh.slash("review")
    press(fresh, "Approve")
    assert BETTER in ask(fresh, QUESTION)
    fresh.slash("model rollback")
    assert "knows" in train(fresh, data="Who sings? => Bob.")
    fresh.slash("privacy")
    assert "corrections: **1**" in fresh.sees and "files of training data: **1**" in fresh.sees
    press(fresh, "Delete all of it")
    press(fresh, "Yes, delete for ever")
    assert "Deleted" in fresh.sees
    assert not app.mishaps.recent("77")


def test_a_training_that_newer_code_began_is_finished(ada: Person, app: App) -> None:
    job = begun(ada, f"{WIFI} => Ask at the bar.")
    advanced(app, job, "fit")
    upgrade_and_roll_back(app)
    ada.wait()
    assert "Ask at the bar." in ask(ada, WIFI)


def test_a_job_of_a_kind_that_only_newer_code_knows_waits_for_it(ada: Person, app: App) -> None:
    job = begun(ada, f"{WIFI} => Ask at the bar.")
    app.records.put("job#77", job.id, {**job.fields, "kind": "dream"})
    ada.wait()
    ada.slash("jobs")
    assert f"`{job.id}` dream: running" in ada.sees
    assert not app.mishaps.recent("77") and [one.id for one in app.jobs.running()] == [job.id]
    app.records.put("job#77", job.id, job.fields)
    app.jobs.wake(app.jobs.get("77", job.id))
    ada.wait()
    assert "Ask at the bar." in ask(ada, WIFI)


def test_replies_that_newer_code_left_are_brought(app: App) -> None:
    reply = Reply(
        "Here.",
        (Button("hi:"),),
        files=(File("a.txt", b"a"),),
        embed=Embed("Title", "Text"),
        voice=Order("say", "77", text="Here."),
    )
    Outbox(app.files, "1").keep([reply])
    [left] = json.loads(app.files.read("outbox/1.json"))
    app.files.write("outbox/1.json", json.dumps([with_more(left)]).encode())
    [found] = Outbox(app.files, "1").kept()
    assert (found.buttons, found.files) == (reply.buttons, reply.files)
    assert found.embed and found.embed[:2] == ("Title", "Text")
    assert found.voice == reply.voice


def with_more(reply: dict[str, Any]) -> dict[str, Any]:
    """Each part has a value more."""
    lists = {name: [[*part, "new"] for part in reply[name]] for name in ("buttons", "files")}
    single = {name: [*reply[name], "new"] for name in ("embed", "voice")}
    return {**reply, **lists, **single, **NEWER}


def test_a_model_in_a_newer_format_says_so_and_another_can_be_chosen(ada: Person, app: App) -> None:
    train(ada, data=f"{WIFI} => Ask at the bar.")
    train(ada, data="Who cooks? => Eve.")
    key = "guilds/77/models/v2/fit.json"
    rewrite(app, key, json.dumps({**json.loads(app.files.read(key)), "format": 99}).encode())
    fresh = Person(App(app.config, {}), ada.discord)
    fresh.slash("ask", question=WIFI)
    assert "**v2** was made by a newer release" in fresh.sees
    fresh.slash("model rollback")
    assert "Ask at the bar." in ask(fresh, WIFI)
