"""One call of `sam local invoke`, as a person would type it; and what came of it."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

from tools.artefacts import SAM
from tools.replay import Replayed, differences

LONGEST_S = 180
AROUND = ("AWS_ENDPOINT_URL", "DISCORD_API", "SIGNATURE_MAX_AGE_S")
"""Where AWS and Discord are, and that samples are old: no setting of a stack."""
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_MAX_ATTEMPTS": "1",
    "SAM_CLI_TELEMETRY": "0",
}


def one_liner(function: str, name: str) -> str:
    """What to type in a checkout, after `sam build` for this machine's architecture."""
    return (
        f"sam local invoke {function} -e events/{function}/{name}.json --env-vars events/env.json"
    )


def kept(build: Path, into: Path) -> Path:
    """The same build, by links: it is thrown away when newer ones come, and this takes minutes."""
    return Path(shutil.copytree(build, into, copy_function=_link))


def _link(path: str, into: str) -> None:
    try:
        os.link(path, into)
    except OSError:  # on another disk
        shutil.copy2(path, into)


def template_with(built: Path, names: tuple[str, ...] = AROUND) -> Path:
    """A copy of a build's template that declares further variables: `--env-vars` fills only those
    that are declared. Beside the other one, as paths within are relative."""
    template = yaml_parse((built / "template.yaml").read_text())
    shared = template["Globals"]["Function"]["Environment"]["Variables"]
    for name in names:
        shared.setdefault(name, "")
    path = built / "invoked.json"
    path.write_text(json.dumps(template, default=str))
    return path


def invoke(path: Path, event: Any, words: list[str], env: Mapping[str, str]) -> Replayed:
    """Send the event of this file; compare the answer with what is expected beside it.

    `words`: further options; `env`: where the engine is.
    """
    function = path.parent.name
    command = [str(SAM), "local", "invoke", function, "--event", "-", *words]
    around = {**os.environ, **ACCOUNT, **env}
    given = json.dumps(event).encode()
    began = time.perf_counter()
    done = subprocess.run(command, env=around, input=given, capture_output=True, timeout=LONGEST_S)
    ms = (time.perf_counter() - began) * 1000
    name = f"{function}/{path.stem}"
    return Replayed(name, ms, wrong(path, done.stdout.decode(), done.stderr.decode()))


def wrong(path: Path, out: str, told: str) -> list[str]:
    """What is wrong with what SAM printed; the answer is its last line."""
    answer = answered(out)
    if answer is _NOTHING:
        return [f"no answer: {told.strip()[-300:]}"]
    if isinstance(answer, dict) and "errorType" in answer:
        return [f"{answer['errorType']}: {str(answer.get('errorMessage'))[:300]}"]
    expected = path.with_name(f"{path.stem}.expect.json")
    wanted = json.loads(expected.read_text()) if expected.exists() else {}
    return list(differences(wanted, answer))


_NOTHING = object()


def answered(out: str) -> Any:
    """The function's answer in what SAM printed, or a value that equals nothing else."""
    lines = [line for line in out.splitlines() if line.strip()]
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return _NOTHING
