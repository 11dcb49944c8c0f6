"""What the other processes of test_processes do; it loads no more than that."""

import os
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from protege.errors import Conflict, Missing, Unavailable
from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords

COUNTS, DATABASES = 25, 25
BODY_BYTES = 400_000


def work(folder: Path, number: int) -> list[str]:
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


def open_new_ones(folder: Path, together: Barrier, failed: Queue[str]) -> None:
    for number in range(DATABASES):
        together.wait(timeout=30)
        try:
            SqliteRecords(folder / f"{number}.sqlite").put("k", str(os.getpid()), {})
        except Unavailable as error:
            failed.put(str(error))


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
