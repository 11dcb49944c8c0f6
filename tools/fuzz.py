"""`make fuzz`: each parser under a coverage-guided fuzzer, for so many runs; prints a table.

`python -m tools.fuzz [TARGET ...] [--runs N] [--seconds S]`. What breaks a target is kept in
tests/fuzz/crashes, where the tests try it from then on. libFuzzer's options and output:
https://llvm.org/docs/LibFuzzer.html
"""

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

FUZZ = Path(__file__).parent.parent / "tests" / "fuzz"
TARGETS = {"interaction": 40_000, "ingress": 6_000, "rows": 6_000, "words": 8_000, "sounds": 3_000}
"""How many runs each gets: some seconds' worth."""
SECONDS = 20
"""At most, on a machine that is slow or busy."""
STUCK_S = 20
"""A single input that takes longer is a find."""
AT_ONCE = 2
HEAD = f"{'target':<14}{'runs':>9}{'corpus':>8}{'coverage':>10}{'new':>6}{'seconds':>9}  result"
CANNOT = (
    "Not fuzzed: atheris runs on Linux, x86_64, Python 3.12 or newer only.\n"
    "The seeds and all earlier finds are tried by the tests all the same.\n"
)
_figures = re.compile(r"#\d+\s+(INITED|DONE)\s+cov: (\d+).*?corp: (\d+)").finditer
_runs = re.compile(r"stat::number_of_executed_units:\s+(\d+)").search


class Fuzzed(NamedTuple):
    """How it went. `covered`: branches reached by the seeds, and in the end."""

    target: str
    runs: int
    corpus: int
    covered: tuple[int, int]
    seconds: float
    code: int
    tail: str

    def line(self) -> str:
        """A row of the table."""
        first, last = self.covered
        result = "nothing found" if not self.code else f"FAILED ({self.code})"
        return (
            f"{self.target:<14}{self.runs:>9,}{self.corpus:>8}{last:>10,}{last - first:>6,}"
            f"{self.seconds:>9.1f}  {result}"
        )


def fuzz(target: str, runs: int, seconds: int) -> Fuzzed:
    """Run one target; its finds are written into tests/fuzz/crashes."""
    crashes = FUZZ / "crashes" / target
    crashes.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as corpus:
        options = (
            f"-runs={runs}", f"-max_total_time={seconds}", f"-timeout={STUCK_S}", "-seed=1",
            "-max_len=4096", "-rss_limit_mb=1024", "-print_final_stats=1",
            f"-artifact_prefix={crashes}/", corpus, str(FUZZ / "seeds" / target),
        )  # fmt: skip
        command = [sys.executable, "-m", "tests.fuzz", target, *options]
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, text=True, errors="replace", check=False, **both)  # type: ignore[call-overload]
    if not any(crashes.iterdir()):
        crashes.rmdir()
    return read(target, done.returncode, done.stdout, time.monotonic() - began)


def read(target: str, code: int, said: str, seconds: float) -> Fuzzed:
    """Figures out of what libFuzzer writes."""
    found = {m[1]: (int(m[2]), int(m[3])) for m in _figures(said)}
    first, last = found.get("INITED", (0, 0)), found.get("DONE", (0, 0))
    runs = _runs(said)
    count = int(runs[1]) if runs else 0
    return Fuzzed(target, count, last[1], (first[0], last[0]), seconds, code, said[-3_000:])


def main() -> int:
    """1 where anything was found, or where nothing ran at all."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("targets", nargs="*", default=list(TARGETS))
    wishes.add_argument("--runs", type=int, default=0)
    wishes.add_argument("--seconds", type=int, default=SECONDS)
    given = wishes.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stdout.write(CANNOT)
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(
            pool.map(lambda t: fuzz(t, given.runs or TARGETS[t], given.seconds), given.targets)
        )
    print(HEAD, *(one.line() for one in done), sep="\n")
    broken = [one for one in done if one.code or not one.runs]
    for one in broken:
        print(f"\n---- {one.target}\n{one.tail}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
