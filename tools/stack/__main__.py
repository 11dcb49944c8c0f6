"""`python -m tools.stack`: ask all five tools about the template; tell what is to be mended."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tools.stack import Finding, accepted, objections
from tools.stack.asking import cfn_lint, sam_validate
from tools.stack.checkov import checkov
from tools.translate import unconditional, write

Asked = Callable[[], Iterator[Finding]]


class Verdict(NamedTuple):
    """What one tool says: how many findings we accept, and what is to be mended."""

    tool: str
    seconds: float
    accepted: int
    wrong: list[str]


def verdicts(folder: Path) -> list[Verdict]:
    """Of all tools, each in a process of its own, as many at once as there are cores.

    `folder`: for the templates that they read.
    """
    plain, whole = folder / "plain.json", folder / "whole.json"
    write(plain)
    write(whole, unconditional)
    asking: dict[tuple[str, ...], Asked] = {
        ("checkov",): lambda: checkov(whole),
        ("sam validate --lint",): lambda: sam_validate("--lint"),
        ("cfn-lint", "cfn-lint-serverless"): lambda: cfn_lint(plain),
        ("sam validate",): sam_validate,
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [one for some in pool.map(_asked, asking, asking.values()) for one in some]


def _asked(tools: tuple[str, ...], ask: Asked) -> list[Verdict]:
    """What tools say that are asked together."""
    begun = time.monotonic()
    try:
        found, failed = list(ask()), []
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        found, failed = [], [str(error)]
    seconds = time.monotonic() - begun
    return [
        _verdict(tool, [one for one in found if one.tool == tool], seconds, failed)
        for tool in tools
    ]


def _verdict(tool: str, found: list[Finding], seconds: float, failed: list[str]) -> Verdict:
    if failed:
        return Verdict(tool, seconds, 0, failed)
    wrong = list(objections(tool, found, accepted()))
    return Verdict(tool, seconds, len(found) - len(wrong), wrong)


def main() -> int:
    """Print a line for each tool and each objection; 1 where there is any."""
    with tempfile.TemporaryDirectory() as folder:
        found = verdicts(Path(folder))
    for one in found:
        state = "FAIL" if one.wrong else "ok"
        print(f"{state:4} {one.tool:20} {one.seconds:5.1f} s  {one.accepted} accepted for a reason")
        for line in one.wrong:
            print(f"       {line}")
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main())
