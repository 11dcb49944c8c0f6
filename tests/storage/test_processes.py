"""Several processes at once on one folder; and processes that are killed while they write."""

import multiprocessing
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from protege.errors import Conflict, Missing
from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords

SPAWN = multiprocessing.get_context("spawn")
PROCESSES, COUNTS = 4, 25
BODY_BYTES = 400_000


def _work(folder: Path, number: int) -> list[str]:
    """Open everything (which nobody has made yet), count up, win files, do messages."""
    records = SqliteRecords(folder / "records.sqlite")
    queue = SqliteQueue(folder / "queue.sqlite")
    files = FolderFiles(folder / "files")
    for step in range(COUNTS):
        _count(records)
        queue.put(f"{number}.{step}")
        try:
            files.write(f"once/{step}", b"%d" % number, once=True)
        except Conflict:
            assert files.read(f"once/{step}")
    done = []
    while found := queue.receive(wait_s=0.2, lease_s=600):
        queue.done(found.receipt)
        done.append(found.body)
    return done


def _count(records: SqliteRecords) -> None:
    while True:
        try:
            found = records.get("k", "count")
            now, version = found.fields["n"], found.version
        except Missing:
            now, version = 0, 0
        try:
            records.put("k", "count", {"n": now + 1}, expect=version)
        except Conflict:
            continue
        return


def test_many_processes_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    with SPAWN.Pool(PROCESSES) as pool:
        done = pool.starmap(_work, [(tmp_path, number) for number in range(PROCESSES)])
    total = PROCESSES * COUNTS
    counted = SqliteRecords(tmp_path / "records.sqlite").get("k", "count")
    assert (counted.fields["n"], counted.version) == (total, total)
    bodies = Counter(body for some in done for body in some)
    assert bodies == Counter(f"{n}.{step}" for n in range(PROCESSES) for step in range(COUNTS))
    files = FolderFiles(tmp_path / "files")
    assert len(list(files.names("once/"))) == COUNTS


def body_of(number: int) -> bytes:
    """A file from which every missing or foreign byte shows."""
    return (b"%07d\n" % number) * (BODY_BYTES // 8)


def write_for_ever(folder: Path, number: int) -> None:
    """Write one thing after another, and print what has been acknowledged."""
    records = SqliteRecords(folder / "records.sqlite")
    queue = SqliteQueue(folder / "queue.sqlite")
    files = FolderFiles(folder / "files")
    while True:
        files.write(f"new/{number:05d}", body_of(number), once=True)
        files.write("same", body_of(number))
        records.put("k", f"{number:05d}", {"n": number, "pad": "x" * 5000})
        records.put("k", "same", {"n": number})
        queue.put(str(number))
        if number % 2:
            found = queue.receive(wait_s=0, lease_s=600)
            assert found
            queue.done(found.receipt)
        print(number, flush=True)  # noqa: T201
        number += 1


def _killed_after(folder: Path, first: int, acknowledged: int) -> list[int]:
    """Start a writer, kill it once it has acknowledged that many; return all it did in the end."""
    code = (
        "from pathlib import Path; from tests.storage.test_processes import write_for_ever; "
        f"write_for_ever(Path({str(folder)!r}), {first})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        said = [writer.stdout.readline() for _ in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read().splitlines(keepends=True)  # before the signal arrived
    assert writer.returncode == -signal.SIGKILL
    return [int(line) for line in said if line.endswith(b"\n")]


@pytest.mark.parametrize("seed", range(4))
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
