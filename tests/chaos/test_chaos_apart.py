"""The same where it takes processes that die, or AWS: beside the others, as it takes longer."""

from pathlib import Path

import pytest

from tests.chaos.scenarios import SCENARIOS, Row, survived

pytestmark = pytest.mark.real
APART = [row for row in SCENARIOS if row.apart and row.few]


@pytest.mark.parametrize("row", APART, ids=[row.name for row in APART])
def test_nothing_is_lost_or_doubled_when(row: Row, tmp_path: Path) -> None:
    survived(row, tmp_path)
