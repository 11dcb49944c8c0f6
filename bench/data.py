"""Reading training data beside the least that could do it: `json.loads` on every line.

Each figure comes from a process of its own, whose peak memory is what Linux calls VmHWM. `python -m
bench.data` prints a Markdown table; the last column bounds the address space as a Lambda would.
"""

import csv
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROWS = 200_000
ROUNDS = 3
BOUND_MB = 512
CHUNK = 1 << 20
WORDS = (
    *(
        "the",
        "open",
        "order",
        "invoice",
        "refund",
        "when",
        "delivery",
        "how",
        "password",
        "account",
    ),
    *("please", "support", "time", "заказ", "доставка", "оплата", "возврат", "вопрос", "поддержка"),
    *("пароль", "сколько", "можно", "карта", "сегодня", "привет"),
)


class Run(NamedTuple):
    """One process. `rows`: good rows; `seconds`: of processor time, so that others count little.

    `peak_mb`: of the whole process; `base_mb`: before it began.
    """

    rows: int
    seconds: float
    peak_mb: float
    base_mb: float


def by_loads(path: Path) -> int:
    """The baseline: every line through json.loads."""
    with path.open("rb") as file:
        return sum(1 for line in file if json.loads(line))


def by_whole(path: Path) -> int:
    """The baseline for an array: there is no reading it line by line."""
    with path.open("rb") as file:
        return len(json.load(file))


def by_csv(path: Path) -> int:
    """The baseline for tables: every record through csv.reader."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def by_read(path: Path) -> int:
    """What we do: recognise, decode, map, check."""
    from protege.datasets.reading import read
    from protege.datasets.rows import Row

    return sum(isinstance(item, Row) for item in read(_chunks(path), path.name))


def by_report(path: Path) -> int:
    """What a trainer sees: the rows read and the report on them made."""
    from protege.datasets.reading import read
    from protege.datasets.report import Inspector

    inspector = Inspector()
    for item in read(_chunks(path), path.name):
        inspector.see(item)
    return inspector.report().rows


WAYS: dict[str, Callable[[Path], int]] = {
    f.__name__: f for f in (by_loads, by_whole, by_csv, by_read, by_report)
}

TITLES = {
    "by_loads": "json.loads line by line (baseline)",
    "by_whole": "json.load of the whole file (baseline)",
    "by_csv": "csv.reader (baseline)",
    "by_read": "`read`",
    "by_report": "`read` and the report",
}
BASELINES = {"csv": "by_csv", "json": "by_whole"}


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def generate(folder: Path) -> dict[str, Path]:
    """Files of the same 200,000 rows, some 100 MB each, by kind."""
    paths = {kind: folder / f"rows.{kind}" for kind in ("jsonl", "chat.jsonl", "json", "csv")}
    with (
        paths["jsonl"].open("w") as lines,
        paths["chat.jsonl"].open("w") as chats,
        paths["json"].open("w") as array,
        paths["csv"].open("w", newline="") as table,
    ):
        writer = csv.writer(table)
        writer.writerow(("question", "answer"))
        array.write("[")
        for number, (question, answer) in enumerate(_pairs()):
            row = json.dumps({"prompt": question, "completion": answer}, ensure_ascii=False)
            lines.write(row + "\n")
            array.write((",\n" if number else "") + row)
            chats.write(_chat(question, answer) + "\n")
            writer.writerow((question, answer))
        array.write("]")
    return paths


def _pairs() -> Iterator[tuple[str, str]]:
    dice = random.Random(3)  # noqa: S311
    for number in range(ROWS):
        question = f"{' '.join(dice.choices(WORDS, k=12))} {number}?"
        yield question, " ".join(dice.choices(WORDS, k=dice.randint(15, 57)))


def _chat(question: str, answer: str) -> str:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns}, ensure_ascii=False)


def run(way: str, path: Path, bound_mb: int = 0) -> Run:
    """One way in a process of its own. Raises CalledProcessError where it does not fit."""
    command = [sys.executable, "-m", "bench.data", way, str(path), str(bound_mb)]
    return Run(*json.loads(subprocess.check_output(command)))


def child(way: str, path: Path, bound_mb: int) -> None:
    """What that process does."""
    if bound_mb:
        resource.setrlimit(resource.RLIMIT_AS, (bound_mb << 20, bound_mb << 20))
    base, begun = peak_mb(), time.process_time()
    rows = WAYS[way](path)
    print(json.dumps(Run(rows, time.process_time() - begun, peak_mb(), base)))


def peak_mb() -> float:
    """The most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    kilobytes = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024


def compare(path: Path, ways: list[str]) -> Iterator[str]:
    """A line of the table for each way, the first being the baseline; rounds are interleaved."""
    size = path.stat().st_size / 1e6
    rounds = [[run(way, path) for way in ways] for _ in range(ROUNDS)]
    for place, way in enumerate(ways):
        found = [each[place] for each in rounds]
        seconds = statistics.median(each.seconds for each in found)
        ratio = statistics.median(each[0].seconds / each[place].seconds for each in rounds)
        bounded = run(way, path, BOUND_MB)
        yield (
            f"| {path.name}, {size:.0f} MB | {TITLES[way]} | {found[0].rows:,} "
            f"| {size / seconds:.0f} | {ratio:.2f} | {max(each.peak_mb for each in found):.0f} "
            f"| {bounded.peak_mb:.0f} |"
        )


def table() -> None:
    """Print all figures as a Markdown table."""
    print("| file | way | rows | MB/s | of the baseline's rate | peak MB | peak MB of 512 MB |")
    print("|---|---|--:|--:|--:|--:|--:|")
    with TemporaryDirectory() as folder:
        for kind, path in generate(Path(folder)).items():
            ways = [BASELINES.get(kind, "by_loads"), "by_read"]
            for line in compare(path, [*ways, "by_report"] if kind == "jsonl" else ways):
                print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        table()
