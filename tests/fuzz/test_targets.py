"""What the fuzzer began with, and whatever it found: each must pass, also where it cannot run."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

HERE = Path(__file__).parent
INPUTS = [*sorted((HERE / "seeds").glob("*/*")), *sorted((HERE / "crashes").glob("*/*"))]


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_an_input_breaks_nothing(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_something_to_begin_with() -> None:
    assert {path.parent.name for path in INPUTS} == set(TARGETS)
