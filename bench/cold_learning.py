"""A cold worker's first answer: import, load a version of 10,000 lessons, answer; in new processes.

Beside it a bare `import numpy`, the least that any learning in Python needs. The lessons' vectors
are hashes of their words, as costly to load and compare as any; the question's is the model's.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

LESSONS = 10_000
ROUNDS = 7
BARE = "import time; t = time.perf_counter(); import numpy; print((time.perf_counter() - t) * 1e3)"
CHILD = """
import json, sys, time
begun = time.perf_counter()
laps = []
def lap():
    laps.append((time.perf_counter() - begun) * 1e3)
from protege.app import App
from protege.config import Config
import protege.chat, protege.models, protege.providers.local.chat
from protege.providers.local import MiniLM
lap()
app = App(Config("0" * 64, data_dir=sys.argv[1]), {})
app.models.current("1")
lap()
app.chat.recall("1", "how do I change my order", "en")
lap()
print(json.dumps(laps))
"""


def measure(folder: str, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds since the process began to run Python: medians of interleaved rounds."""
    bare, laps = [], []
    for _ in range(rounds):
        bare.append(float(_run(BARE)))
        laps.append(json.loads(_run(CHILD, folder)))
    medians = [statistics.median(times) for times in zip(*laps, strict=True)]
    names = ("all imported", "the version loaded", "the first answer")
    return {"import numpy": statistics.median(bare), **dict(zip(names, medians, strict=True))}


def table() -> Iterator[str]:
    """The figures, as a table."""
    from bench.ways import Hashed, many, trained
    from protege.providers.local import MiniLM

    app = trained(many(LESSONS), Hashed(MiniLM.id))[0]
    found = measure(app.config.data_dir)
    base = found["import numpy"]
    yield f"\n| cold worker, {LESSONS:,} lessons | after | of `import numpy` |\n|---|--:|--:|\n"
    for name, ms in found.items():
        yield f"| {name} | {ms:.0f} ms | {ms / base:.1f} |\n"


def _run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.stdout.writelines(table())
