"""The way of an interaction through the bot's queue, as the panel shows it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from protege.storage.embedded import SqliteQueue
from tests.playground.conftest import scripted
from tests.playground.scripted_bot import ScriptedBot


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    return tmp_path / "bot" / "queue.sqlite"


@pytest.fixture
def bot(tmp_path: Path, queue: Path) -> Iterator[ScriptedBot]:
    with Server(tmp_path, queue=queue) as server, scripted(server) as running:
        server.parts.desk.url = running.url
        running.register()
        running.address = server.address
        yield running


def test_a_job_is_followed_from_put_to_done(bot: ScriptedBot, queue: Path) -> None:
    work = SqliteQueue(queue)
    bot.script["dataset"] = lambda interaction: work.put(json.dumps(interaction)) and {"type": 5}
    vera = Person(bot.address)
    asked = vera.slash("dataset show")
    waiting = vera.hop(asked)
    assert (waiting["state"], waiting["receives"], waiting["received_at"]) == ("waiting", 0, None)
    taken = work.receive(wait_s=0, lease_s=10)
    assert taken is not None
    assert vera.hop(asked)["state"] == "held"
    work.done(taken.receipt)
    done = vera.hop(asked)
    assert (done["state"], done["receives"]) == ("done", 1)
    assert done["put_at"] <= done["received_at"] <= done["done_at"]


def test_an_answer_at_once_takes_no_hop(bot: ScriptedBot, queue: Path) -> None:
    vera = Person(bot.address)
    assert vera.hop(vera.slash("dataset show")) is None
    assert not queue.exists(), "looking must not make the bot's file"
