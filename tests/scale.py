"""Train so many generated rows in this process; print its peak memory in MB (see test_scale)."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from protege.app import App
from protege.config import Config
from protege.datasets.rows import Row
from protege.training.jobs import Job
from tests.hashing import Hashing

ANSWERS = 12
DIMS = 384


def rows(count: int) -> Iterator[Row]:
    chance = random.Random(0)
    words = [f"w{chance.randrange(10**6)}" for _ in range(20_000)]
    subjects = [chance.sample(words, 40) for _ in range(ANSWERS)]
    for n in range(count):
        said = chance.sample(subjects[n % ANSWERS], 5) + chance.sample(words, 4)
        yield Row(n + 1, " ".join(said), f"answer number {n % ANSWERS}", "")


def main(count: int, folder: str) -> None:
    env = {"DISCORD_PUBLIC_KEY": "0" * 64, "DATA_DIR": folder}
    app = App(Config.read(env), env)
    app._loaded_embedder = Hashing(dims=DIMS)
    app.jobs.start(Job("j1", "77", "42", "88", "1", "token", "en", ""), rows(count))
    *_, job = app.training.advance("77", "j1")
    sys.stdout.write(f"{job.report['lessons']} {job.report['activated']} {peak_mb()}\n")


def peak_mb() -> int:
    """Of this process alone: `ru_maxrss` begins with what its parent held when it was forked."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
