"""What `sam build` made: read from the built template, and built when it is not there yet."""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parent.parent
SAM = Path(sys.executable).parent / "sam"
KEPT = 3
"""Builds that stay: somebody may be replaying against one of the others."""
ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NOBODY = {"Application.ApplicationId": "0", "Application.PublicKey": "0" * 64}
"""In place of what Discord tells the stack of its application."""


class Artefact(NamedTuple):
    """A built function. `variables`: its environment as the template says it, not yet resolved."""

    name: str
    handler: str
    task: Path
    layers: tuple[Path, ...]
    memory_mb: int
    timeout_s: int
    variables: Mapping[str, Any]

    def environment(self, values: Mapping[str, str]) -> dict[str, str]:
        """`variables`, with `values` for parameters and resources. Raises KeyError."""
        return {name: _resolved(value, values) for name, value in self.variables.items()}


def artefacts(build: Path) -> dict[str, Artefact]:
    """Every function of a build, by its name in the template."""
    template = yaml_parse((build / "template.yaml").read_text())
    general = template["Globals"]["Function"]
    shared = general["Environment"]["Variables"]
    resources = template["Resources"]
    conditions = template.get("Conditions", {})

    def artefact(name: str, own: dict[str, Any]) -> Artefact:
        found = general | own
        variables = shared | found.get("Environment", {}).get("Variables", {})
        layers = [resources[layer["Ref"]]["Properties"] for layer in found.get("Layers", [])]
        return Artefact(
            name,
            found["Handler"],
            build / found["CodeUri"],
            tuple(build / layer["ContentUri"] for layer in layers),
            found["MemorySize"],
            found["Timeout"],
            {name: _decidable(value, conditions) for name, value in variables.items()},
        )

    return {
        name: artefact(name, resource["Properties"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def defaults(build: Path) -> dict[str, str]:
    """The template's parameters that have a default, the name of the stack and `NOBODY`; without
    voice, which would want a cluster, a queue and a task."""
    parameters = yaml_parse((build / "template.yaml").read_text())["Parameters"]
    given = {name: str(p["Default"]) for name, p in parameters.items() if "Default" in p}
    return given | {"AWS::StackName": "protege", "Voice": "off"} | NOBODY


def built() -> Path:
    """Folder of a build for this machine and this Python, made only if the sources changed.

    On Lambda it is Python 3.13; where that is not what runs here, wheels for the Python that does
    are taken instead, so that events can be replayed all the same. Raises CalledProcessError.
    """
    folder = ROOT / ".aws-sam" / f"built-{_fingerprint()}"
    with _alone():
        if folder.exists():
            return folder
        part = folder.with_name(f"part-{os.getpid()}")
        sam_build(part)
        part.rename(folder)
        for old in sorted(folder.parent.glob("built-*"), key=lambda path: path.stat().st_mtime)[
            :-KEPT
        ]:
            shutil.rmtree(old)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: tests may run in several processes."""
    place = ROOT / ".aws-sam"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sam_build(folder: Path, root: Path = ROOT, architecture: str = ARCHITECTURE) -> None:
    """Run `sam build` of a checkout. Raises CalledProcessError with what it said."""
    where = ["--build-dir", str(folder), "--template", str(root / "template.yaml"), "--no-cached"]
    command = [str(SAM), "build", *where, "--parameter-overrides", f"Architecture={architecture}"]
    env = os.environ | {"SAM_CLI_TELEMETRY": "0", "PYTHON_VERSION": VERSION}
    subprocess.run(command, cwd=root, env=env, check=True, capture_output=True)


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{ARCHITECTURE} {VERSION}".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield from (ROOT / "template.yaml", ROOT / "uv.lock")
    for folder in ("layers", "functions"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _decidable(value: Any, conditions: Mapping[str, Any]) -> Any:
    """The same with conditions themselves in the place of their names."""
    match value:
        case {"Condition": str(name)}:
            return _decidable(conditions[name], conditions)
        case {"Fn::If": [str(name), yes, no]}:
            parts = ({"Condition": name}, yes, no)
            return {"Fn::If": [_decidable(part, conditions) for part in parts]}
        case {"Fn::Not": parts} | {"Fn::And": parts} | {"Fn::Or": parts}:
            [kind] = value
            return {kind: [_decidable(part, conditions) for part in parts]}
        case _:
            return value


def _holds(condition: Any, values: Mapping[str, str]) -> bool:
    match condition:
        case {"Fn::Equals": [one, other]}:
            return _resolved(one, values) == _resolved(other, values)
        case {"Fn::Not": [part]}:
            return not _holds(part, values)
        case {"Fn::And": parts}:
            return all(_holds(part, values) for part in parts)
        case {"Fn::Or": parts}:
            return any(_holds(part, values) for part in parts)
        case _:
            raise ValueError(f"no condition that is known here: {condition}")


def _resolved(value: Any, values: Mapping[str, str]) -> str:
    match value:
        case {"Ref": name}:
            return values[name]
        case {"Fn::GetAtt": [name, attribute]}:
            return values[f"{name}.{attribute}"]
        case {"Fn::If": [condition, yes, no]}:
            return _resolved(yes if _holds(condition, values) else no, values)
        case {"Fn::Join": [",", {"Ref": name}]}:  # a list of CloudFormation's is written so, too
            return values[name]
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: values[found[1]], text)
        case _:
            return str(value)
