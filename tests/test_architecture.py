"""The house rules that no linter checks."""

import re
import subprocess
import sys
from pathlib import Path

from protege.commands import ACTIONS
from protege.config import Config
from protege.ui.manifest import manifest
from tools import docs

ROOT = Path(__file__).parent.parent
HEAVY = ("openai", "numpy", "pydantic", "flask", "moto", "boto3", "dataclasses", "inspect")


def test_the_ingress_starts_without_the_heavy_modules() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import functions.ingress.app
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    found = subprocess.check_output([sys.executable, "-I", "-c", code], text=True)
    assert found.strip() == "[]"


def test_every_action_has_a_route_of_its_own_and_both_languages() -> None:
    for action in ACTIONS:
        assert action.title.en and action.title.ru and action.about.en and action.about.ru
    assert len({(action.surface, action.name) for action in ACTIONS}) == len(ACTIONS)


def test_options_keep_the_names_of_the_original_bot() -> None:
    options = {c["name"]: {o["name"] for o in c.get("options", [])} for c in manifest(ACTIONS)}
    assert options["train"] == {"data", "data_dir", "positive", "attachment"}
    assert options["test"] == {"test_data", "attachment"}
    assert options["correct"] == {"message_id", "correction"}
    assert options["feedback"] == {"feedback_text"}
    assert options["ask"] == {"question", "file"}


def test_required_options_come_first_as_discord_demands() -> None:
    for command in manifest(ACTIONS):
        required = [option["required"] for option in command.get("options", [])]
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
