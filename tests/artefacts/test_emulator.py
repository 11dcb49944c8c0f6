"""What the harness says of functions that go wrong, and what they can see."""

from pathlib import Path

import pytest

from tools.artefacts import Artefact
from tools.emulator import Emulator

pytestmark = pytest.mark.real


def function(folder: Path, body: str, timeout_s: int = 60) -> Artefact:
    """A function of the given lines."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (folder / "app.py").write_text(f"def handler(event, context):\n{lines}")
    return Artefact("Trial", "app.handler", folder, (), 128, timeout_s, {})


def test_an_exception_is_named(tmp_path: Path) -> None:
    with Emulator(function(tmp_path, "raise KeyError(event['name'])"), {}) as emulator:
        answer = emulator.invoke({"name": "x"})
    assert (answer.error, answer.value["errorMessage"]) == ("KeyError", "'x'")


def test_a_function_that_does_not_load_is_an_error(tmp_path: Path) -> None:
    with Emulator(function(tmp_path, "return ("), {}) as emulator:
        assert emulator.invoke({}).error == "Runtime.UserCodeSyntaxError"


def test_a_function_that_takes_too_long_is_a_timeout(tmp_path: Path) -> None:
    body = "import threading\nthreading.Event().wait()"
    with Emulator(function(tmp_path, body, timeout_s=1), {}) as emulator:
        assert emulator.invoke({}).error == "Timeout"


def test_a_function_that_dies_is_a_crash_and_starts_again(tmp_path: Path) -> None:
    body = "import os\nif event:\n    os._exit(3)\nreturn 'alive'"
    with Emulator(function(tmp_path, body), {}) as emulator:
        assert emulator.invoke({"die": True}).error
        assert emulator.invoke({}).value == "alive"


@pytest.mark.parametrize("bare", [True, False])
def test_a_function_sees_what_lambda_offers_and_no_more(tmp_path: Path, bare: bool) -> None:
    body = (
        "import importlib.util as util\n"
        "names = ('awslambdaric', 'boto3', 'flask', 'protege', 'pytest')\n"
        "return [name for name in names if util.find_spec(name)]"
    )
    with Emulator(function(tmp_path, body), {}, bare=bare) as emulator:
        found = emulator.invoke({}).value
    assert found == (["awslambdaric"] if bare else ["awslambdaric", "boto3"])


def test_it_tells_of_time_and_memory(tmp_path: Path) -> None:
    body = "print('it was here')\nreturn context.get_remaining_time_in_millis()"
    with Emulator(function(tmp_path, body), {}) as emulator:
        left = emulator.invoke({}).value
        assert 0 < left <= 60_000
        assert 5 < emulator.init_ms < 60_000
        assert 5 < emulator.peak_mib < 100
    assert "it was here" in emulator.log
