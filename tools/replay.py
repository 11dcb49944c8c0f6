"""Every event of events/<Function>/ against the built functions: `python -m tools.replay [names]`.

The functions run under AWS' runtime emulator; AWS is moto, Discord a recorder, both on this
machine. An event passes when the answer holds what is in its .expect.json or, without one, when
there was no error. `names` choose functions (`Ingress`) or events (`Worker/ask`); `--log` shows
what they wrote. At the end: how long each function took to load, and how much memory it needed.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.recorder import Recorder, recorder
from tools.artefacts import ROOT, Artefact, artefacts, built, defaults
from tools.cloud import Cloud, cloud
from tools.emulator import Emulator
from tools.events import PUBLIC_KEY
from tools.vitals import TABLE_HEAD, Vitals, loading

EVENTS = ROOT / "events"


class Replayed(NamedTuple):
    """An event and what is wrong with the answer: nothing, if it passed."""

    name: str
    ms: float
    wrong: list[str]


class World(NamedTuple):
    """Built functions and what they talk to."""

    functions: Mapping[str, Artefact]
    aws: Cloud
    discord: Recorder
    values: Mapping[str, str]

    def emulator(self, name: str, **more: str) -> Emulator:
        """A function with the template's environment, facing this world; `more` wins."""
        function = self.functions[name]
        env = function.environment({**self.values, **self.aws.values})
        env |= {"AWS_ENDPOINT_URL": self.aws.url, "DISCORD_API": self.discord.url}
        return Emulator(function, env | {"SIGNATURE_MAX_AGE_S": "0"} | more, bare=name == "Ingress")


@contextmanager
def world(build: Path) -> Iterator[World]:
    """The functions of a build, a fresh AWS and a fresh Discord."""
    values = defaults(build) | {
        "Application.PublicKey": PUBLIC_KEY,
        "Application.ApplicationId": "1300",
    }
    with cloud() as aws, recorder() as discord:
        about = {"id": "1300", "name": "Protege", "verify_key": PUBLIC_KEY}
        discord.files["/applications/@me"] = json.dumps(about).encode()
        yield World(artefacts(build), aws, discord, values)


def events(function: str) -> list[Path]:
    """The events of a function, in order of name."""
    found = sorted((EVENTS / function).glob("*.json"))
    return [path for path in found if not path.name.endswith(".expect.json")]


def sample(path: Path, discord: str) -> Any:
    """An event; CloudFormation is where the stand-in for Discord is, too."""
    event = json.loads(path.read_text())
    if "ResponseURL" in event:
        event["ResponseURL"] = f"{discord}/cloudformation"
        event["ResourceProperties"]["EndpointUrl"] = f"{discord}/interactions"
    return event


def replay(emulator: Emulator, path: Path, discord: Recorder) -> Replayed:
    """Send one event; compare the answer."""
    answer = emulator.invoke(sample(path, discord.url))
    expected = path.with_name(f"{path.stem}.expect.json")
    name = f"{path.parent.name}/{path.stem}"
    if answer.error:
        return Replayed(name, answer.ms, [f"{answer.error}: {str(answer.value)[:300]}"])
    wanted = json.loads(expected.read_text()) if expected.exists() else {}
    return Replayed(name, answer.ms, list(differences(wanted, answer.value)))


def differences(wanted: Any, got: Any, path: str = "$") -> Iterator[str]:
    """Where `got` does not hold what is `wanted`; JSON in a text counts as what it says."""
    if isinstance(wanted, dict):
        if isinstance(got, str):
            got = json.loads(got)
        for name, value in wanted.items():
            if isinstance(got, dict) and name in got:
                yield from differences(value, got[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is missing"
    elif wanted != got:
        yield f"{path}: {got!r}, not {wanted!r}"


def main(arguments: list[str]) -> int:
    """Replay and tell; how many events failed, and functions that need too much."""
    names = [word for word in arguments if not word.startswith("-")]
    failed, found = 0, []
    with world(built()) as here:
        for function in here.functions:
            chosen = [path for path in events(function) if _chosen(path, names)]
            if chosen:
                wrong, peak_mib = _replay_all(here, function, chosen, log="--log" in arguments)
                failed += wrong
                found.append(Vitals(here.functions[function], loading(here, function), peak_mib))
    sys.stdout.write("\n".join(["", TABLE_HEAD, *(it.row() for it in found), ""]))
    return failed + sum(bool(it.wrong()) for it in found)


def _chosen(path: Path, names: list[str]) -> bool:
    return not names or path.parent.name in names or f"{path.parent.name}/{path.stem}" in names


def _replay_all(here: World, function: str, paths: list[Path], *, log: bool) -> tuple[int, float]:
    """How many failed; MiB that the function needed at most."""
    failed = 0
    with here.emulator(function) as emulator:
        for path in paths:
            found = replay(emulator, path, here.discord)
            failed += bool(found.wrong)
            verdict = "FAIL" if found.wrong else "ok"
            sys.stdout.write(
                f"{verdict:4} {found.name:44} {found.ms:8.1f} ms  {'; '.join(found.wrong)}\n"
            )
        peak_mib = emulator.peak_mib
    if log:
        sys.stdout.write(emulator.log)
    return failed, peak_mib


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
