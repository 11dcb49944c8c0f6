"""Several processes at once on one folder; and processes that are killed while they write."""

import multiprocessing
import random
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords
from tests.storage.crowd import COUNTS, body_of, open_new_ones, work

SPAWN = multiprocessing.get_context("spawn")
PROCESSES = 4


def test_many_processes_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    # Not multiprocessing's own pool: it waits for ever where one of its processes dies.
    with ProcessPoolExecutor(PROCESSES, SPAWN) as pool:
        done = list(pool.map(work, [tmp_path] * PROCESSES, range(PROCESSES)))
    total = PROCESSES * COUNTS
    counted = SqliteRecords(tmp_path / "records.sqlite").get("k", "count")
    assert (counted.fields["n"], counted.version) == (total, total)
    bodies = Counter(body for some in done for body in some)
    assert bodies == Counter(f"{n}.{step}" for n in range(PROCESSES) for step in range(COUNTS))
    files = FolderFiles(tmp_path / "files")
    assert len(list(files.names("once/"))) == COUNTS


def test_processes_may_open_a_new_database_at_the_same_moment(tmp_path: Path) -> None:
    failed: Queue[str] = SPAWN.Queue()
    args = (tmp_path, SPAWN.Barrier(PROCESSES), failed)
    processes = [SPAWN.Process(target=open_new_ones, args=args) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert failed.empty()
    assert len(list(SqliteRecords(tmp_path / "0.sqlite").find("k"))) == PROCESSES


def _killed_after(folder: Path, first: int, acknowledged: int) -> list[int]:
    """Start a writer, kill it once it has acknowledged that many; return all it did in the end."""
    code = (
        "from pathlib import Path; from tests.storage.crowd import write_for_ever; "
        f"write_for_ever(Path({str(folder)!r}), {first})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        said = [writer.stdout.readline() for _ in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read().splitlines(keepends=True)  # before the signal arrived
    assert writer.returncode == -signal.SIGKILL
    return [int(line) for line in said if line.endswith(b"\n")]


@pytest.mark.parametrize("seed", range(3))
def test_what_a_killed_process_was_told_is_written_is_there(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    told: list[int] = []
    for _ in range(3):
        first = told[-1] + 2 if told else 0  # the one it was at may be there or not
        told += _killed_after(tmp_path, first, chance.randint(2, 12))
        _check_all_is_there(tmp_path, told)


def _check_all_is_there(folder: Path, told: list[int]) -> None:
    files = FolderFiles(folder / "files")
    bodies = {key: files.read(key) for key in files.names("")}
    for key, body in bodies.items():
        assert body == body_of(int(body[:7])), "half a file"
        assert key in ("same", f"new/{int(body[:7]):05d}")
    assert {f"new/{number:05d}" for number in told} <= set(bodies)
    assert int(bodies["same"][:7]) in (told[-1], told[-1] + 1)
    records = SqliteRecords(folder / "records.sqlite")
    found = {record.id: record.fields["n"] for record in records.find("k")}
    assert found.pop("same") in (told[-1], told[-1] + 1)
    assert {f"{number:05d}": number for number in told}.items() <= found.items()
    entries = SqliteQueue(folder / "queue.sqlite").journal(9999)
    assert {str(number) for number in told} <= {entry.body for entry in entries}
    done = [entry for entry in entries if entry.state == "done"]
    assert len(done) >= len([number for number in told if number % 2])
