"""Building the image, and what it is made of."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tools.artefacts import ROOT
from tools.container.debian import base
from tools.container.engine import Engine, Failed

DOCKERFILE = ROOT / "voice_worker/Dockerfile"
SOURCES = ("voice_worker", "layers/core")
NAME = "localhost/protege-voice"
INDEX = {"PIP_INDEX_URL": "index-url", "PIP_EXTRA_INDEX_URL": "extra-index-url"}
HISTORY = "{{.Size}}\t{{.CreatedBy}}"
UNITS = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}
SAID = ("Architecture", "Os", "Created", "Config", "Healthcheck")
CA = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Image(NamedTuple):
    """A built image. `mb`: its size, `base_mb` of them its base's where that is known.

    `probe`: its health check; `layers`: (megabytes, by what), largest first; `digests`: SHA-256 of
    the content of each layer, the base's first; `said`: all else that a run of it depends on.
    """

    id: str
    base: str
    seconds: float
    user: str
    probe: list[str]
    mb: float
    base_mb: float
    layers: list[tuple[float, str]]
    digests: list[str]
    said: dict[str, Any]


def build(engine: Engine, *, anew: bool = False) -> Image:
    """Build it from this checkout; `anew`: of nothing that was built before, its base included.

    Known by its id afterwards, as somebody else may give its name away meanwhile. Raises Failed
    with what the engine said last.
    """
    upon = base(engine, epoch(), anew=anew)
    began = time.monotonic()
    with TemporaryDirectory(prefix="protege-build-") as folder:
        id = Path(folder) / "id"
        words = [*_of_engine(engine), *_of_index(Path(folder)), *(["--no-cache"] if anew else ())]
        words += ["--build-arg", f"BASE={upon}"] if upon else []
        words += ["--network=host", "--iidfile", str(id), "-f", str(DOCKERFILE), "-t", NAME]
        _watched([*engine.program, "build", *words, str(ROOT)])
        return seen(engine, id.read_text().strip(), upon, time.monotonic() - began)


def _of_engine(engine: Engine) -> list[str]:
    """Podman: Docker's format, as the other one knows no health check; stages side by side; no
    times of today in it."""
    if engine.name == "docker":
        return []
    return ["--format", "docker", "--jobs", "3", "--timestamp", epoch(), *engine.limits]


def epoch() -> str:
    """When what goes into the image was last changed, in seconds: its files are as old as that."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    command = ["git", "log", "-1", "--format=%ct", "--", *SOURCES]
    return subprocess.run(command, cwd=ROOT, capture_output=True).stdout.decode().strip() or "0"


def _of_index(folder: Path) -> list[str]:
    """This machine's package index and authorities, as secrets: they leave no trace in it."""
    found = []
    lines = [f"{INDEX[name]} = {os.environ[name]}" for name in INDEX if os.environ.get(name)]
    if lines:
        (folder / "pip.conf").write_text("\n".join(["[global]", *lines, ""]))
        found += ["--secret", f"id=pip,src={folder / 'pip.conf'}"]
    if ca := next(
        (os.environ[name] for name in CA if Path(os.environ.get(name, "")).is_file()), ""
    ):
        found += ["--secret", f"id=ca,src={ca}"]
    return found


def _watched(command: list[str]) -> None:
    """Run it and show the steps. Raises Failed."""
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        for raw in child.stdout or ():
            lines.append(raw.decode(errors="replace"))
            if "STEP" in lines[-1] and len(lines[-1]) < 400:
                sys.stdout.write(f"  {lines[-1].strip()[:110]}\n")
                sys.stdout.flush()
    if child.returncode:
        raise Failed("".join(lines[-60:]))


def seen(engine: Engine, name: str, upon: str = "", seconds: float = 0.0) -> Image:
    """What is known of an image. Raises Failed where there is none."""
    [about] = json.loads(engine.do("image", "inspect", name))
    history = engine.do("history", "--no-trunc", "--format", HISTORY, name)
    rows = [row.partition("\t") for row in history.splitlines()]
    layers = sorted(((_mb(size), by) for size, _, by in rows), reverse=True)
    health = about.get("Healthcheck") or about["Config"].get("Healthcheck") or {}
    user, probe = str(about["Config"].get("User", "")), list(health.get("Test", ()))
    digests = about["RootFS"]["Layers"]
    sizes = about["Size"] / 1e6, _base_mb(engine, upon)
    told = {word: about.get(word) for word in SAID}
    return Image(about["Id"], upon, seconds, user, probe, *sizes, layers, digests, told)


def _base_mb(engine: Engine, upon: str) -> float:
    if not upon:
        return 0.0
    [about] = json.loads(engine.do("image", "inspect", upon))
    return float(about["Size"]) / 1e6


def _mb(size: str) -> float:
    """`40.6 MB` and `1.2kB`, as engines write sizes."""
    found = re.match(r"([\d.]+) ?([kMG]?)B", size)
    return float(found[1]) * UNITS[found[2]] if found else 0.0
