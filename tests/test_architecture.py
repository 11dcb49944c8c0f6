"""The house rules that no linter checks."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from protege.commands.inventory import ACTIONS
from protege.config import Config
from protege.discord.interaction import Role
from protege.ui.manifest import manifest
from tests.person import Person
from tools import docs
from tools.events import EVENTS, PUBLIC_KEY, request

ROOT = Path(__file__).parent.parent
OURS = ("layers/core/protege", "functions", "voice_worker", "playground", "tools", "bench")
HEAVY = ("openai", "numpy", "pydantic", "flask", "moto", "boto3", "dataclasses", "inspect")


LIGHT = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from functions.ingress.app import handler
answers = [handler(event, None) for event in json.load(sys.stdin)]
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps([answers, heavy]))
"""


def light(*events: dict[str, Any], **env: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The answers of a fresh ingress, and the heavy modules that it has loaded."""
    command = [sys.executable, "-I", "-c", LIGHT]
    found = subprocess.check_output(command, input=json.dumps(events), text=True, env=env)
    answers, heavy = json.loads(found.splitlines()[-1])  # before it come the metrics
    return answers, heavy


def test_the_ingress_starts_without_the_heavy_modules() -> None:
    _, heavy = light()
    assert heavy == []


def test_suggestions_need_no_heavy_modules_either(ada: Person) -> None:
    ada.slash("ask", question="When do you open?")
    options = [{"name": "message_id", "type": 3, "value": "open", "focused": True}]
    payload = ada.payload(4, {"name": "correct", "type": 1, "options": options})
    event = request(json.dumps(payload).encode())
    env = {
        "DISCORD_PUBLIC_KEY": PUBLIC_KEY,
        "SIGNATURE_MAX_AGE_S": "0",
        "DATA_DIR": ada.app.config.data_dir,
    }
    [answer], heavy = light(event, **env)
    assert "When do you open?" in answer["body"] and heavy == []


def test_looking_up_the_trainers_role_needs_no_heavy_modules(ada: Person) -> None:
    ada.slash("settings", trainer_role=Role("1234", "Coach"))
    ada.permissions, ada.roles = "0", ["1234"]
    payload = ada.payload(3, {"custom_id": "edit_instruction:", "component_type": 2})
    payload["message"] = {"id": "500", "content": "", "author": {"id": "13"}}
    event = request(json.dumps(payload).encode())
    env = {"DISCORD_PUBLIC_KEY": PUBLIC_KEY, "SIGNATURE_MAX_AGE_S": "0"}
    [answer], heavy = light(event, DATA_DIR=ada.app.config.data_dir, **env)
    assert json.loads(answer["body"])["type"] == 9 and heavy == []


def test_nor_do_they_on_aws_though_the_features_they_ask_also_keep_files() -> None:
    paths = sorted((EVENTS / "Ingress").glob("autocomplete_*[!t].json"))
    nowhere = "https://127.0.0.1:9"
    env = {"DISCORD_PUBLIC_KEY": PUBLIC_KEY, "SIGNATURE_MAX_AGE_S": "0", "BUCKET": "bucket"}
    env |= {"TABLE": "table", "WORK_QUEUE_URL": f"{nowhere}/queue", "AWS_ENDPOINT_URL": nowhere}
    env |= {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    answers, heavy = light(*(json.loads(path.read_text()) for path in paths), **env)
    assert paths and [answer["statusCode"] for answer in answers] == [200] * len(paths)
    assert heavy == []


def test_every_action_has_a_route_of_its_own_and_both_languages() -> None:
    for action in ACTIONS:
        assert action.title.en and action.title.ru and action.about.en and action.about.ru
    assert len({(action.surface, action.name) for action in ACTIONS}) == len(ACTIONS)


def test_no_file_of_the_product_or_its_tools_grows_too_long_to_be_read_at_once() -> None:
    """The house's number is 200; for a few lines more nothing has to be cut in two at once."""
    files = [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    assert len(files) > 500
    assert {str(path): length for path, length in lengths.items() if length > 220} == {}


def test_options_keep_the_names_of_the_original_bot() -> None:
    options = {c["name"]: {o["name"] for o in c.get("options", [])} for c in manifest(ACTIONS)}
    assert options["train"] >= {"data", "data_dir", "positive", "attachment"}
    assert options["test"] >= {"test_data", "attachment"}
    assert options["correct"] == {"message_id", "correction"}
    assert options["feedback"] == {"feedback_text"}
    assert options["ask"] == {"question", "file"}


def test_menu_entries_keep_their_whole_name_and_have_no_description() -> None:
    entries = [command for command in manifest(ACTIONS) if command["type"] == 3]
    assert {entry["name"] for entry in entries} == {"Correct this answer", "Teach me this"}
    assert not any("description" in entry for entry in entries)


def every_options(command: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The options of a command, or those of each of its subcommands."""
    options = command.get("options", [])
    subcommands = [option for option in options if option["type"] == 1]
    return [sub["options"] for sub in subcommands] if subcommands else [options]


def test_required_options_come_first_as_discord_demands() -> None:
    for command in manifest(ACTIONS):
        for options in every_options(command):
            required = [option["required"] for option in options]
            assert required == sorted(required, reverse=True)


def test_the_readme_is_up_to_date() -> None:
    readme = (ROOT / "README.md").read_text()
    assert docs.renewed(readme) == readme, "run `make docs`"


def test_every_setting_is_described() -> None:
    described = {name for name, *_ in docs.settings()}
    assert described == {name.upper() for name in Config._fields}


def test_user_visible_words_exist_in_russian() -> None:
    for path in (ROOT / "layers/core/protege").rglob("*.py"):
        for english in re.findall(r'(?<![\w.])Reply\("([A-Za-z][^"]*)"', path.read_text()):
            raise AssertionError(f"{path}: {english!r} is not a Text")
