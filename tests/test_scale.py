"""Many rows go through training in flat memory; `SCALE_ROWS=100000` tries as many as are promised.

The embedder is a quick one of words' hashes: the real one would take twenty minutes, and holds the
same memory whatever the number of rows.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.real
ROWS = int(os.environ.get("SCALE_ROWS", "10000"))
MOST_MB = 165 + ROWS * 185 // 100_000
"""At 100,000 rows a third is Python, numpy and what they leave behind; the n-grams take 75 MB, and
the vectors, 154 MB, stay on the disk."""


def test_many_rows_are_trained_in_flat_memory(tmp_path: Path) -> None:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.scale", str(ROWS), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    lessons, activated, peak = ended.stdout.split()
    assert (lessons, activated) == (str(ROWS), "True")
    assert int(peak) < MOST_MB
