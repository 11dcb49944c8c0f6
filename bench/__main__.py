"""`python -m bench`: measure everything in one run and print the README's table.

`--write` puts it into README.md, between the marks; `--check` ends with 1 where a target is missed.
"""

import os
import platform
import sys
from collections.abc import Iterator

from bench import cold, rate, readme, sustained, web
from bench.requests import KINDS
from tools.artefacts import VERSION

HELLO, QUICK, QUEUED = "hello world", cold.OURS, cold.OURS_QUEUED
STARTS = {QUICK: 1.4, QUEUED: 2.6}
"""Targets: a cold start is at most so many times that of hello world."""
LEAST_RATE = 0.9
"""Target: our rate is at least this part of the bare handler's."""


def cold_starts(found: dict[str, float]) -> Iterator[str]:
    """The table of cold starts."""
    yield "| Cold start (Lambda's runtime emulator, precompiled) | load | × hello world | target |"
    yield "| --- | ---: | ---: | ---: |"
    for name, ms in found.items():
        target = f"≤ {STARTS[name]}" if name in STARTS else ""
        yield f"| {name} | {ms:.0f} ms | {ms / found[HELLO]:.2f} | {target} |"


def rates(found: dict[str, rate.Pair]) -> Iterator[str]:
    """The table of rates; the bare handler's figures stand in brackets."""
    yield "| Requests (bare handler in brackets) | a second of one core | ratio | p50 | p99 |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, (ours, bare, relative) in found.items():
        p50 = f"{ours.p50_ms:.2f} ms ({bare.p50_ms:.2f})"
        p99 = f"{ours.p99_ms:.2f} ms ({bare.p99_ms:.2f})"
        a_second = f"{ours.rate:,.0f} ({bare.rate:,.0f})"
        yield f"| {name} | {a_second} | {relative:.2f} | {p50} | {p99} |"


def missed(starts: dict[str, float], pairs: dict[str, rate.Pair]) -> list[str]:
    """Every target that was not reached."""
    slow = [name for name, most in STARTS.items() if starts[name] > most * starts[HELLO]]
    return slow + [name for name, found in pairs.items() if found.relative < LEAST_RATE]


def main(arguments: list[str]) -> int:
    """Measure, print, perhaps write; how many targets were missed, if that was asked."""
    starts = cold.measure()
    pairs = {KINDS[kind]: found for kind, found in rate.measure().items()}
    pairs["all three, over HTTP (waitress, 16 connections)"] = web.measure()
    under_load = sustained.table(sustained.measure())
    where = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {VERSION}; ratios within one run."
    )
    text = "\n".join([*cold_starts(starts), "", *rates(pairs), "", *under_load, "", where, ""])
    sys.stdout.write(text)
    if "--write" in arguments:
        readme.write("bench", text)
    failed = missed(starts, pairs)
    sys.stdout.writelines(f"missed: {name}\n" for name in failed)
    return len(failed) if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
