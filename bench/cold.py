"""Cold starts: how long a function takes to load under AWS' runtime emulator."""

import compileall
import shutil
import statistics
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tools.artefacts import Artefact, artefacts, built, defaults
from tools.emulator import Emulator
from tools.events import PUBLIC_KEY

HANDLERS = Path(__file__).parent / "handlers"
ROUNDS = 21
OURS, OURS_QUEUED = "Protégé before it needs the queue", "Protégé with its queue client"
NOWHERE = {
    "Bucket": "bucket",
    "Table": "table",
    "WorkQueue": "https://sqs.eu-west-1.amazonaws.com/1/q",
}


class Subject(NamedTuple):
    """A function to start. `env`: its variables; `bare`: without boto3 in reach."""

    name: str
    function: Artefact
    env: Mapping[str, str]
    bare: bool = True


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds to load by name: the median of interleaved rounds, `hello world` first."""
    with TemporaryDirectory() as folder:
        found = subjects(Path(folder))
        times: dict[str, list[float]] = {subject.name: [] for subject in found}
        for _ in range(rounds):
            for subject in found:
                times[subject.name].append(_start(subject))
    return {name: statistics.median(values) for name, values in times.items()}


def subjects(folder: Path) -> list[Subject]:
    """The built ingress and its peers; the peers' code is put into `folder`."""
    build = built()
    ingress = artefacts(build)["Ingress"]
    env = ingress.environment(defaults(build) | NOWHERE | {"Application.PublicKey": PUBLIC_KEY})
    alone = {name: value for name, value in env.items() if name != "WORK_QUEUE_URL"}
    shutil.copytree(
        HANDLERS, folder / "bench/handlers", ignore=shutil.ignore_patterns("__pycache__")
    )
    compileall.compile_dir(folder, quiet=1)

    def peer(name: str) -> Artefact:
        return ingress._replace(task=folder, handler=f"bench.handlers.{name}.handler")

    return [
        Subject("hello world", peer("hello"), env),
        Subject("PyNaCl and json only", peer("bare"), env),
        Subject(OURS, ingress, alone),
        Subject(OURS_QUEUED, ingress, env),
        Subject("PyNaCl and boto3's SQS client", peer("boto3_queue"), env, bare=False),
    ]


def _start(subject: Subject) -> float:
    with Emulator(subject.function, subject.env, bare=subject.bare) as emulator:
        answer = emulator.invoke(
            {"headers": {"x-signature-ed25519": "", "x-signature-timestamp": ""}, "body": ""}
        )
        if answer.error:
            raise RuntimeError(f"{subject.name}: {answer.value}")
        return emulator.init_ms
