"""How good the learning is, how long it takes, and how much memory, beside plain baselines.

Every figure comes from a process of its own. `ours` is the real thing: a training job over embedded
storage, then questions to the chat. `python -m bench.training` prints Markdown tables; `--all` adds
another baseline and 100,000 lessons, `--write` puts the tables into README.md. With BENCH_DATA
naming a folder that holds banking_train.csv, banking_test.csv (BANKING77: text,category) or
clinc_full.json (CLINC150, data_full.json), those are measured too, with `--all` in three draws.
"""

import csv
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench import cold_learning, readme
from bench.data import peak_mb
from bench.intents import Data, few, generated, vandalised
from bench.ways import WAYS, Asked
from protege.learning.gate import separation

TITLES = {
    "tfidf": "TF-IDF, 10 neighbours",
    "minilm": "MiniLM, 10 neighbours",
    "ours": "ours",
}
SLOW = ("minilm",)
SCALES = (1_000, 10_000, 100_000)
SHOTS, EACH, DRAWS = 10, 40, 3
ONE_CORE = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
"""A worker on AWS has one, and other processes then disturb less."""


class Run(NamedTuple):
    """`accuracy`: right answers without a gate; `auroc`: how well the score tells taught questions
    from untaught; `gated`: right answers that the gate let through; `refused`: untaught questions
    that it did not; both None where there is no gate. `seconds`: of the learning; `ask_ms`: of a
    question."""

    accuracy: float
    auroc: float
    gated: float | None
    refused: float | None
    seconds: float
    ask_ms: float
    peak_mb: float


def datasets(draws: int) -> Iterator[tuple[str, Data]]:
    """What is measured, by name."""
    full = generated(EACH)
    yield f"60 intents, {SHOTS} each", few(full, SHOTS)
    yield f"60 intents, {EACH} each", full
    yield f"60 intents, {EACH} each, 20 % wrong", vandalised(full)
    for name, data in real(Path(os.environ.get("BENCH_DATA", "/nowhere"))):
        for seed in range(draws):
            yield f"{name}, {SHOTS} each, draw {seed + 1}", few(data, SHOTS, seed)
        yield f"{name}, full", data


def real(folder: Path) -> Iterator[tuple[str, Data]]:
    """Public datasets, where somebody put them. BANKING77 is asked CLINC150's outside questions."""
    if not (folder / "clinc_full.json").exists():
        return
    clinc = json.loads((folder / "clinc_full.json").read_text("utf-8"))
    outside = [text for text, _ in clinc["oos_test"]]
    if (folder / "banking_train.csv").exists():
        train, test = (_table(folder / f"banking_{part}.csv") for part in ("train", "test"))
        yield "BANKING77", Data(train, test, outside)
    train, test = ([(text, label) for text, label in clinc[part]] for part in ("train", "test"))
    yield "CLINC150", Data(train, test, outside)


def _table(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [(row["text"], row["category"]) for row in csv.DictReader(opened)]


def run(way: str, data: Data) -> Run:
    """One process."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        file.write_text(json.dumps(data), "utf-8")
        command = [sys.executable, "-m", "bench.training", way, str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=ONE_CORE)
    return Run(**json.loads(done.stdout))


def table(*, all_: bool) -> Iterator[str]:
    """All ways on all data; ratios of errors to the first way's in the same run."""
    yield "| data | way | right | errors, of TF-IDF's | AUROC | right behind the gate "
    yield "| untaught refused | learning | a question | peak |\n"
    yield f"|---|---|{'--:|' * 8}\n"
    for name, data in datasets(DRAWS if all_ else 1):
        base = 0.0
        for way in [way for way in TITLES if all_ or way not in SLOW]:
            found = run(way, data)
            base = base or 1 - found.accuracy
            yield row(name, TITLES[way], found, base)


def row(name: str, title: str, found: Run, base: float) -> str:
    """A line of the table; `base`: the first way's share of errors."""
    ratio = (1 - found.accuracy) / base if base else 1.0
    return (
        f"| {name} | {title} | {percent(found.accuracy)} | {ratio:.2f} "
        f"| {percent(found.auroc)} | {percent(found.gated)} | {percent(found.refused)} "
        f"| {found.seconds:.1f} s | {found.ask_ms:.1f} ms | {found.peak_mb:.0f} MB |\n"
    )


def percent(share: float | None) -> str:
    """A share as it stands in a table."""
    return "" if share is None else f"{100 * share:.1f} %"


def scales(*, all_: bool) -> Iterator[str]:
    """How learning goes with the number of lessons."""
    yield "\n| lessons (vectors by a hash of the words) | learning | longest step | peak |\n"
    yield f"|--:|{'--:|' * 3}\n"
    for rows in SCALES if all_ else SCALES[:-1]:
        command = [sys.executable, "-m", "bench.ways", str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=ONE_CORE)
        found = json.loads(done.stdout)
        yield f"| {rows:,} | {found['seconds']:.0f} s | {found['longest_s']:.1f} s "
        yield f"| {found['peak_mb']:.0f} MB |\n"


def child(way: str, file: Path) -> None:
    """The half that runs in a process of its own."""
    data = Data(**dict(zip(Data._fields, json.loads(file.read_text("utf-8")), strict=True)))
    begun = time.perf_counter()
    ask = WAYS[way](data)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    inside = ask([text for text, _ in data.test])
    ask_ms = 1000 * (time.perf_counter() - begun) / len(inside)
    outside = ask(data.outside)
    print(json.dumps(judged(data, inside, outside, seconds, ask_ms)._asdict()))


def judged(
    data: Data, inside: list[Asked], outside: list[Asked], seconds: float, ask_ms: float
) -> Run:
    """The figures of a run."""
    right = [one.answer == answer for one, (_, answer) in zip(inside, data.test, strict=True)]
    passed = [good and one.passed for good, one in zip(right, inside, strict=True)]
    gate = inside[0].passed is not None
    return Run(
        sum(right) / len(right),
        separation([one.score for one in inside], [one.score for one in outside]) or 0.0,
        passed.count(True) / len(passed) if gate else None,
        sum(not one.passed for one in outside) / len(outside) if gate else None,
        seconds,
        ask_ms,
        peak_mb(),
    )


def main(arguments: list[str]) -> None:
    """Print everything as it is measured; perhaps write it."""
    all_, said = "--all" in arguments, []
    where = f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.\n"
    for text in chain(table(all_=all_), scales(all_=all_), cold_learning.table(), [where]):
        said.append(text)
        print(text, end="", flush=True)
    if "--write" in arguments:
        readme.write("bench-training", "".join(said))


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in WAYS:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
