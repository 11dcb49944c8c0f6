"""`make chaos`: faults on every side, and what became of each interaction.

    python -m tools.chaos [--seed N] [--few] [WORD ...]   WORD: only scenarios so named

Ends with 1 where anything was lost or doubled.
"""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.running import run
from tests.chaos.scenarios import SCENARIOS, Row
from tests.chaos.tally import Tally

COLUMNS = "{:<36}{:>8}{:>14}{:>10}{:>15}{:>6}{:>9}{:>9}"
HEAD = COLUMNS.format(
    *("scenario", "faults", "interactions", "answered", "dead-lettered", "lost", "doubled"), "s"
)


def main(arguments: list[str]) -> int:
    """Run them one after another; print a table."""
    given = _parser().parse_args(arguments)
    seed = given.seed or int(time.time())
    logging.getLogger("protege").setLevel(logging.CRITICAL)
    print(f"seed {seed}\n{HEAD}")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(_chosen(given)):
            count = row.few if given.few else row.many
            tally = run(row.name, row.scenario, Path(folder) / str(number), count, seed)
            print(_line(tally), flush=True)
            good = good and tally.good
    print("Each was answered once, or given up with a reason." if good else "NOT as it should be.")
    return int(not good)


def _chosen(given: argparse.Namespace) -> list[Row]:
    rows = [row for row in SCENARIOS if row.few or not given.few]
    return [row for row in rows if not given.words or any(w in row.name for w in given.words)]


def _line(tally: Tally) -> str:
    kinds = (tally.answered, tally.dead, tally.lost, tally.doubled)
    line = COLUMNS.format(tally.scenario, tally.faults, tally.interactions, *kinds, tally.seconds)
    return "\n".join([line, *(f"    {wrong}" for wrong in tally.wrong)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tools.chaos", description=__doc__)
    parser.add_argument("words", nargs="*", help="only scenarios whose names hold one of these")
    parser.add_argument("--seed", type=int, default=0, help="the one that was printed; else a new")
    parser.add_argument("--few", action="store_true", help="as many interactions as in the tests")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
