"""What can be said of the image without an engine: the Dockerfile, and what it names."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.artefacts import ROOT
from tools.container.engine import Failed, said
from tools.container.image import DOCKERFILE
from tools.container.report import Report

REQUIREMENTS = ROOT / "voice_worker/requirements.txt"
PYTHON = "3.13"
MACHINES = ("x86_64", "aarch64")
GLIBC = "2_28"
"""What Debian has had since version 10."""
CLIENT = re.compile(r"client\(\s*\"([a-z0-9-]+)\"")
LOADS_S = 120
DRY_S = 300
RULES = (
    ("pip install", "--require-hashes", "pip takes what it is given: --require-hashes"),
    (
        "apt-get install",
        "--no-install-recommends",
        "apt-get brings what nobody asked for: --no-install-recommends",
    ),
    ("pip install", "--no-compile", "pip compiles with the time of a file in it: --no-compile"),
    (
        "compileall",
        "--invalidation-mode unchecked-hash",
        "compiled files hold the time of their source: --invalidation-mode unchecked-hash",
    ),
    ("useradd", "SOURCE_DATE_EPOCH=", "useradd notes today: SOURCE_DATE_EPOCH=0"),
)
"""(what a step does, what it then must say, what is wrong else)."""
LEFT = ("/var/log/*", "/var/cache/ldconfig/*")
"""Where Debian's packages note the time and numbers of files: never twice the same."""
BASE_LABEL = "org.opencontainers.image.base.name=$BASE"
"""https://github.com/opencontainers/image-spec/blob/main/annotations.md"""
IMPORTS = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"


class Step(NamedTuple):
    """One instruction: `FROM`, `RUN` ..., with its lines joined."""

    word: str
    rest: str


def steps(text: str) -> list[Step]:
    """The instructions of a Dockerfile, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    found = (line.strip().partition(" ") for line in whole.splitlines() if line.strip())
    return [Step(word.upper(), rest.strip()) for word, _, rest in found]


def last_stage(all_steps: list[Step]) -> list[Step]:
    """What makes the image itself."""
    begins = max(nr for nr, step in enumerate(all_steps) if step.word == "FROM")
    return all_steps[begins:]


def faults(text: str, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with a Dockerfile, by rules that hold for ours."""
    found = steps(text)
    end = last_stage(found)
    users = [step.rest for step in end if step.word == "USER"]
    if not users or users[-1].split(":")[0] in ("root", "0"):
        yield "it runs as root"
    for word in ("HEALTHCHECK", "ENTRYPOINT"):
        if not any(step.word == word for step in end):
            yield f"it has no {word}"
    yield from _untraceable(end)
    if any(re.search(r"\b(gcc|make|pip install)\b", step.rest) for step in end):
        yield "build tools in the image"
    if any(step.word == "ADD" for step in found):
        yield "ADD fetches and unpacks: COPY says what it means"
    yield from (f"{step.word} {name} does not exist" for step, name in _missing(found, root))
    yield from _careless(found)


def _missing(found: list[Step], root: Path) -> Iterator[tuple[Step, str]]:
    for step in found:
        if step.word == "COPY" and not step.rest.startswith("--from"):
            *names, _ = step.rest.split()
            yield from ((step, name) for name in names if not (root / name).exists())


def _untraceable(end: list[Step]) -> Iterator[str]:
    """Why it would be another image the next time, or nobody knew what it is built upon."""
    if not any(step.word == "LABEL" and BASE_LABEL in step.rest for step in end):
        yield f"it does not tell its base: LABEL {BASE_LABEL}"
    installs = [step.rest for step in end if "apt-get install" in step.rest]
    yield from (f"{name} stays" for rest in installs for name in LEFT if name not in rest)


def _careless(found: list[Step]) -> Iterator[str]:
    runs = [step.rest for step in found if step.word == "RUN"]
    for does, says, fault in RULES:
        if any(does in rest and says not in rest for rest in runs):
            yield fault


def services_used(root: Path = ROOT) -> set[str]:
    """AWS services that the sources make a client for."""
    places = (root / "layers/core/protege", root / "voice_worker")
    files = (path for place in places for path in place.rglob("*.py"))
    return {name for path in files for name in CLIENT.findall(path.read_text())}


def services_kept(text: str) -> set[str]:
    """AWS services whose description stays in the image."""
    kept = re.search(r"-regex '\.\*/\\\((.*?)\\\)'", text)
    return set(kept[1].split("\\|")) if kept else set()


def check(report: Report) -> None:
    """What holds for every engine; some seconds, to ask for wheels."""
    text = DOCKERFILE.read_text()
    wrong = "; ".join(faults(text))
    report.check("Dockerfile", not wrong, wrong or f"{len(steps(text))} steps, as ours must be")
    missing = services_used() - services_kept(text)
    kept = f"{len(services_kept(text))} kept, missing: {missing or 'none'}"
    report.check("AWS' services", not missing, kept)
    for machine in MACHINES:
        with report.trying(f"wheels for {machine}") as found:
            said(_dry_run(machine), limit_s=DRY_S)
            found(f"all that {REQUIREMENTS.name} names are to be had for Python {PYTHON}")


def check_instead(report: Report) -> None:
    """What else can be found out where no image can be built."""
    with report.trying("entry point") as found:
        names = ["voice_worker.__main__", "voice_worker.probe"]
        command = [sys.executable, "-c", IMPORTS, *names]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LOADS_S)
        if done.returncode:
            raise Failed(done.stderr.decode()[-500:])
        found("loads here")


def _dry_run(machine: str) -> list[str]:
    how = ["--quiet", "--dry-run", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    where = ["--python-platform", f"{machine}-manylinux_{GLIBC}", "--python-version", PYTHON]
    uv = str(ROOT / ".cache/uv/bin/uv")
    return [uv, "pip", "install", *how, *where, "--target", "/nonexistent", "-r", str(REQUIREMENTS)]
