"""The template builds from a bare checkout, and what it builds is as small as it should be."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.artefacts import ARCHITECTURE, ROOT, artefacts, sam_build
from tools.requirements import PLACES, requirements

pytestmark = pytest.mark.real
LIMIT_MIB = 250
"""Function and layers, unzipped (AWS Lambda, Developer Guide, "Lambda quotas")."""
MACHINES = {"arm64": 183, "x86_64": 62}
"""ELF's number of each (e_machine)."""


def said(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    """What a command wrote; it must not fail."""
    around = {**os.environ, "SAM_CLI_TELEMETRY": "0", **env}
    done = subprocess.run(command, cwd=cwd, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# ---- what is in the layers -----------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_layers_and_image_contain_what_the_lock_says(place: str) -> None:
    written = (ROOT / place / "requirements.txt").read_text()
    assert written == requirements(place), "run: python -m tools.requirements"


def test_functions_and_layers_stay_under_lambdas_limit(build: Path) -> None:
    for function in artefacts(build).values():
        sizes = map(size_mib, (function.task, *function.layers))
        assert sum(sizes) < LIMIT_MIB, function.name


def test_the_ingress_carries_nothing_of_the_slow_half(build: Path) -> None:
    [layer] = artefacts(build)["Ingress"].layers
    there = {path.name.split("-")[0].split(".")[0] for path in (layer / "python").iterdir()}
    assert there == {"protege", "nacl", "pynacl", "cffi", "_cffi_backend"}
    assert size_mib(layer) < 12


def test_everything_is_precompiled(build: Path) -> None:
    tag = sys.implementation.cache_tag
    for function in artefacts(build).values():
        for path in (
            path for part in (function.task, *function.layers) for path in part.rglob("*.py")
        ):
            assert (path.parent / f"__pycache__/{path.stem}.{tag}.pyc").exists(), path


def size_mib(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


@pytest.mark.timeout(900)  # it fetches all packages, and compiles them, beside everything else
def test_a_bare_checkout_builds_for_the_other_architecture(tmp_path: Path) -> None:
    for name in ("layers", "functions", "voice_worker"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(ROOT / name, tmp_path)
    [other] = MACHINES.keys() - {ARCHITECTURE}
    sam_build(tmp_path / "build", tmp_path, other)
    compiled = list((tmp_path / "build").rglob("*.so"))
    assert {elf_machine(path) for path in compiled} == {MACHINES[other]}
    assert sum(map(size_mib, (tmp_path / "build").iterdir())) < LIMIT_MIB


def test_the_image_is_made_of_all_that_its_dockerfile_copies(build: Path) -> None:
    context = build / "VoiceSource"
    recipe = (context / "voice_worker/Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", recipe, re.MULTILINE)
    wanted = {name for names in copied for name in names.split()}
    assert wanted and not [name for name in wanted if not (context / name).exists()]
    assert not list(context.rglob("__pycache__"))
    assert size_mib(context) < 10, "sources, no packages"


def elf_machine(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[18:20], "little")


def test_without_uv_pip_fetches_the_layers(tmp_path: Path, build: Path) -> None:
    pip = ROOT / ".cache/uv/bin/python"
    if not pip.exists():
        pytest.skip("no pip here: tools/setup has not run")
    shutil.copy(ROOT / "layers/build/install", tmp_path)
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec "{pip}" "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    wanted = ROOT / "layers/core/requirements.txt"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ("./install", os.uname().machine, "2_28", version, wanted, tmp_path / "found")
    said(*map(str, command), cwd=tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    there = {path.name for path in (build / "CoreLayer/python").iterdir()}
    assert {path.name for path in (tmp_path / "found").iterdir()} == there - {"protege"}
