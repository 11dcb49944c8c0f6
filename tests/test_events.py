"""The sample events are signed, are what Discord would send, and get the expected answers."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from functions.ingress.app import handler as ingress
from functions.watcher.app import handler as watcher
from functions.worker.app import handler as worker
from protege.app import app as process_app
from tests.recorder import Recorder
from tools import events

SCHEMA = Path(
    os.environ.get(
        "PROTEGE_DISCORD_INCOMING",
        Path(__file__).parent.parent.parent / "shared/discord-incoming.schema.json",
    )
)
SHAPES = {1: "ping", 2: "chat", 3: "component", 4: "autocomplete", 5: "modal"}


def named(folder: str) -> list[Path]:
    found = sorted((events.EVENTS / folder).glob("*.json"))
    return [path for path in found if not path.name.endswith(".expect.json")]


def load(path: Path) -> Any:
    return json.loads(path.read_text())


def subset(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict):
        got = json.loads(got) if isinstance(got, str) else got
        return all(name in got and subset(value, got[name]) for name, value in wanted.items())
    return bool(wanted == got)


@pytest.fixture(autouse=True)
def env(monkeypatch: pytest.MonkeyPatch, discord: Recorder, tmp_path: Path) -> Iterator[None]:
    given = {
        "DISCORD_PUBLIC_KEY": events.PUBLIC_KEY,
        "DISCORD_APPLICATION_ID": "1300000000000000001",
        "DISCORD_BOT_TOKEN": "token",
        "DISCORD_API": discord.url,
        "DATA_DIR": str(tmp_path),
        "SIGNATURE_MAX_AGE_S": "0",
        "VOICE_COMMAND": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    process_app.cache_clear()
    yield
    process_app.cache_clear()


@pytest.mark.parametrize("path", named("Ingress"), ids=lambda path: path.stem)
def test_the_ingress_answers_as_expected(path: Path) -> None:
    assert subset(load(path.with_suffix(".expect.json")), ingress(load(path), None))


class Plenty:
    """A Lambda context with time left."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@pytest.mark.parametrize("path", named("Worker"), ids=lambda path: path.stem)
def test_the_worker_answers_what_was_deferred(path: Path, discord: Recorder) -> None:
    answer = worker(load(path), Plenty())
    expected = path.with_suffix(".expect.json")
    assert subset(load(expected) if expected.exists() else {"batchItemFailures": []}, answer)
    assert path.stem == "poison" or discord.calls[0].path.endswith("/messages/@original")


def test_the_schedule_wakes_nothing_where_nothing_sleeps() -> None:
    assert watcher(load(events.EVENTS / "Watcher/schedule.json"), None) == {"woken": 0}


def test_the_signed_events_are_those_of_the_payloads(tmp_path: Path) -> None:
    """Into a folder of its own: other tests read the events at the same moment."""
    written = events.sign_all(tmp_path)
    signed = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*.json")}
    kept = {str(path.relative_to(events.EVENTS)): path for path in named("Ingress")}
    kept |= {str(path.relative_to(events.EVENTS)): path for path in named("Worker")}
    assert len(signed) == written and signed.keys() == kept.keys()
    assert [name for name in kept if kept[name].read_text() != signed[name].read_text()] == []


@pytest.mark.skipif(not SCHEMA.exists(), reason="Discord's incoming schema is not at hand")
@pytest.mark.parametrize("path", named("payloads"), ids=lambda path: path.stem)
def test_payloads_are_what_discord_sends(path: Path) -> None:
    schema, payload = load(SCHEMA), load(path)
    shape = SHAPES[payload["type"]]
    if payload["type"] == 2 and payload["data"]["type"] == 3:
        shape = "message"
    part = {**schema["definitions"]["Incoming"]["properties"][shape]}
    jsonschema.Draft7Validator({**part, "definitions": schema["definitions"]}).validate(payload)
