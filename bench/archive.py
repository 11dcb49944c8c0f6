"""Packing a folder beside the least that could do it: `zipfile` writing to a local file.

Each figure comes from a process of its own, whose peak memory is what Linux calls VmHWM. `python -m
bench.archive` prints a Markdown table: the rate, its ratio to zipfile's in the same round, and how
memory goes with size.
"""

import json
import random
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.data import WORDS, peak_mb

SIZES_MB = (30, 100, 300)
LARGEST_MB = 1000
"""Packed once and without the baseline, for the memory."""
ROUNDS = 3
FILES = 50
"""In each folder, beside one file of noise that is a tenth of it."""
FOLDER = "guilds/1/datasets/bench/"
CHUNK = 1 << 20
LEG_PARTS = 3
"""Parts in a leg of a worker whose time is short."""


class Run(NamedTuple):
    """One process. `cpu_s`: of all its threads; `peak_mb`: all of it; `base_mb`: before it."""

    seconds: float
    cpu_s: float
    peak_mb: float
    base_mb: float
    packed_mb: float


def by_zipfile(place: Path) -> int:
    """The baseline: the same files, deflated into a local file."""
    from protege.storage.embedded import FolderFiles

    files, target = FolderFiles(place / "files"), place / "baseline.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for stat in files.list(FOLDER):
            with archive.open(stat.key, "w", force_zip64=True) as entry:
                for chunk in files.stream(stat.key, CHUNK):
                    entry.write(chunk)
    return target.stat().st_size


def by_archive(place: Path) -> int:
    """What we do: files to a file, by multipart, every part written down."""
    return _archive(place, "whole", 10**9)


def by_legs(place: Path) -> int:
    """The same by workers who run out of time after some parts, each going on from the last."""
    return _archive(place, "legs", LEG_PARTS)


def _archive(place: Path, id: str, most: int) -> int:
    from protege.archives import Archives
    from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords
    from protege.training.jobs import Job, Jobs

    files = FolderFiles(place / "files")
    jobs = Jobs(files, SqliteRecords(place / "records"), SqliteQueue(place / "queue"))
    archives = Archives(files, jobs)
    id = f"{id}{time.time_ns()}"
    job = Job(id, "1", "", "", "", "", "en", "", kind="archive")
    archives.start(job, archives.find("1", "bench"))
    while job.state == "running":
        *_, job = islice(archives.advance("1", id), most)
    archives.tidy(job)
    size = files.stat(job.report["key"]).size
    files.delete(job.report["key"], forever=True)
    return size


WAYS: dict[str, Callable[[Path], int]] = {f.__name__: f for f in (by_zipfile, by_archive, by_legs)}
TITLES = {
    "by_zipfile": "`zipfile` to a local file (baseline)",
    "by_archive": "`/archive`",
    "by_legs": f"`/archive`, a leg every {LEG_PARTS} parts",
}


def generate(place: Path, size_mb: int) -> None:
    """A folder of so much training data, a tenth of it noise."""
    from protege.storage.embedded import FolderFiles

    files, dice = FolderFiles(place / "files"), random.Random(5)  # noqa: S311
    for number in range(FILES):
        rows = _rows(dice, size_mb * 900_000 // FILES)
        files.write_stream(f"{FOLDER}{number:03d}.jsonl", rows)
    noise = (dice.randbytes(100_000) for _ in range(size_mb))
    files.write_stream(f"{FOLDER}noise.bin", noise)


def _rows(dice: random.Random, size: int) -> Iterator[bytes]:
    while size > 0:
        question, answer = (" ".join(dice.choices(WORDS, k=k)) for k in (12, 40))
        line = json.dumps({"input": question, "answer": answer}, ensure_ascii=False) + "\n"
        yield line.encode()
        size -= len(line.encode())


def run(way: str, place: Path) -> Run:
    """One way in a process of its own."""
    command = [sys.executable, "-m", "bench.archive", way, str(place)]
    return Run(*json.loads(subprocess.check_output(command)))


def child(way: str, place: Path) -> None:
    """What that process does."""
    base, begun, cpu = peak_mb(), time.perf_counter(), time.process_time()
    size = WAYS[way](place)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps(Run(seconds, cpu, peak_mb(), base, size / 1e6)))


def compare(size_mb: int) -> Iterator[str]:
    """A line of the table for each way, the first being the baseline; rounds are interleaved."""
    with TemporaryDirectory() as folder:
        generate(Path(folder), size_mb)
        rounds = [[run(way, Path(folder)) for way in WAYS] for _ in range(ROUNDS)]
    for place, way in enumerate(WAYS):
        found = [each[place] for each in rounds]
        seconds = statistics.median(each.seconds for each in found)
        ratio = statistics.median(each[0].seconds / each[place].seconds for each in rounds)
        cpu = statistics.median(each[0].cpu_s / each[place].cpu_s for each in rounds)
        peak = max(each.peak_mb for each in found)
        yield (
            f"| {size_mb} MB | {TITLES[way]} | {size_mb / seconds:.0f} | {ratio:.2f} | {cpu:.2f} "
            f"| {found[0].packed_mb:.1f} | {peak:.0f} |"
        )


def largest() -> str:
    """A line for a folder that takes too long to be packed six times."""
    with TemporaryDirectory() as folder:
        generate(Path(folder), LARGEST_MB)
        found = run("by_legs", Path(folder))
    rate = LARGEST_MB / found.seconds
    return (
        f"| {LARGEST_MB} MB | {TITLES['by_legs']} | {rate:.0f} | | | {found.packed_mb:.1f} "
        f"| {found.peak_mb:.0f} |"
    )


def table() -> None:
    """Print all figures as a Markdown table."""
    print("| folder | way | MB/s | of the baseline's rate | … by CPU time | packed MB | peak MB |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    for size_mb in SIZES_MB:
        for line in compare(size_mb):
            print(line, flush=True)
    print(largest())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        table()
