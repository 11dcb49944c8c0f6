"""checkov in a place of its own: it pins a hundred packages that ours would have to agree with.

Locked in checkov.txt; installed when that changed, within seconds; asked without a network.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.artefacts import ROOT
from tools.stack import Finding

LOCK = Path(__file__).parent / "checkov.txt"
CACHE = ROOT / ".cache"


def checkov(template: Path) -> Iterator[Finding]:
    """What it finds in plain CloudFormation, as JSON. Raises RuntimeError with what it said."""
    asked = ("--framework", "cloudformation", "--output", "json", "--skip-download", "--quiet")
    command = [str(installed() / "bin/checkov"), "--file", str(template), *asked]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment())
    try:
        found = json.loads(done.stdout)
        failed = found["results"]["failed_checks"]
    except (ValueError, KeyError, TypeError):
        raise RuntimeError((done.stdout + done.stderr)[-2000:]) from None
    _sane(found, done)
    for one in failed:
        yield Finding("checkov", one["check_id"], one["resource"].split(".")[-1], one["check_name"])


def _sane(found: dict[str, Any], done: subprocess.CompletedProcess[str]) -> None:
    """A file that it could not read would count as one without faults."""
    summary = found["summary"]
    if summary["parsing_errors"] or not summary["passed"]:
        raise RuntimeError(f"checkov read nothing: {summary} {done.stderr[-1000:]}")


def installed() -> Path:
    """Its virtual environment. Raises CalledProcessError."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    place = CACHE / f"checkov-{digest}"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        uv = str(CACHE / "uv/bin/uv")
        python = str(place / "bin/python")
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(place)], check=True)
        wanted = ["--python", python, "--require-hashes", "--requirement", str(LOCK)]
        subprocess.run([uv, "pip", "install", "--quiet", *wanted], check=True)
        (place / "complete").touch()
    return place


def _environment() -> dict[str, str]:
    """Ours, without what would have it talk to its makers, and with quiet logs."""
    env = {name: value for name, value in os.environ.items() if "PRISMA" not in name}
    env.pop("BC_API_KEY", None)
    return env | {"LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"}
