"""A test that failed among all the others is run once more, alone; never one about safety."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.again import MOST, main

SHAKY = """
from pathlib import Path

def test_shaky():
    seen = Path("seen")
    first = not seen.exists()
    seen.touch()
    assert not first

def test_sound():
    with Path("counted").open("a") as file:
        file.write("1")
"""
BROKEN = "def test_broken():\n    assert False\n"


def run(root: Path, **files: str) -> int:
    """All tests, as `make tests` runs them; the exit code of the first attempt."""
    (root / "pytest.ini").write_text("[pytest]\n")
    for name, text in files.items():
        file = root / "tests" / f"{name}.py"
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "tests"]
    return subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL).returncode


def test_what_passes_alone_is_told_of_and_the_run_is_good(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(tmp_path, test_shaky=SHAKY)
    assert code == 1
    assert main(code, tmp_path) == 0
    told = capfd.readouterr().out
    assert "SHAKY" in told and "tests/test_shaky.py::test_shaky" in told.split("SHAKY")[1]
    assert (tmp_path / "counted").read_text() == "1", "what passed was not run again"


def test_what_fails_again_fails_the_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(tmp_path, test_shaky=SHAKY, test_broken=BROKEN)
    assert main(code, tmp_path) == 1
    assert "SHAKY" not in capfd.readouterr().out


def test_one_about_safety_has_no_second_chance(tmp_path: Path) -> None:
    code = run(tmp_path, test_isolation=SHAKY)
    assert main(code, tmp_path) == 1
    assert (tmp_path / "counted").read_text() == "1"


def test_many_at_once_have_no_second_chance(tmp_path: Path) -> None:
    code = run(
        tmp_path, **{f"test_{n}": SHAKY.replace("seen", f"seen{n}") for n in range(MOST + 1)}
    )
    assert main(code, tmp_path) == 1


def test_a_run_that_never_took_place_is_not_saved_by_another(tmp_path: Path) -> None:
    assert run(tmp_path, test_shaky=SHAKY) == 1  # leaves behind what failed
    code = run(tmp_path, test_unreadable="def")
    assert code == 2
    assert main(code, tmp_path) == 2
    assert main(1, tmp_path / "nowhere") == 1
