"""What the ingress loads while it answers every kind of request: each module costs a cold start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.artefacts import artefacts, defaults
from tools.events import EVENTS, PUBLIC_KEY

pytestmark = pytest.mark.real
HEAVY = {
    *("openai", "numpy", "pydantic", "flask", "boto3", "botocore", "moto", "urllib3", "httpx2"),
    *("dataclasses", "inspect", "asyncio", "email", "http", "pathlib", "tempfile", "subprocess"),
}
ANSWER_ALL = """
import json, sys
from functions.ingress.app import handler
for path in json.load(sys.stdin):
    with open(path, "rb") as event:
        handler(json.load(event), None)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded(build: Path) -> set[str]:
    """Names of the modules of a process that has answered every sample, its queue out of reach."""
    ingress = artefacts(build)["Ingress"]
    aws = {"Bucket": "bucket", "Table": "table", "WorkQueue": "https://127.0.0.1:9/queue"}
    env = ingress.environment(defaults(build) | aws | {"Application.PublicKey": PUBLIC_KEY})
    env |= {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    env |= {"AWS_ENDPOINT_URL": "https://127.0.0.1:9", "SIGNATURE_MAX_AGE_S": "0"}
    path = ":".join(map(str, (ingress.task, *(layer / "python" for layer in ingress.layers))))
    done = subprocess.run(
        [sys.executable, "-S", "-c", ANSWER_ALL],
        input=json.dumps(sorted(map(str, (EVENTS / "Ingress").glob("*[!t].json")))),
        cwd=ingress.task,
        env=env | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_ingress_loads_nothing_heavy(loaded: set[str]) -> None:
    assert "protege.storage.aws.signed" in loaded
    assert {name.split(".")[0] for name in loaded} & HEAVY == set()


def test_the_ingress_loads_nothing_of_the_workers(loaded: set[str]) -> None:
    slow = ("learning", "providers", "training", "testing", "discord.rest", "worker")
    assert [name for name in loaded if name.startswith(tuple(f"protege.{s}" for s in slow))] == []


def test_the_ingress_loads_of_the_storage_only_what_it_asks_without_boto3(loaded: set[str]) -> None:
    beside = ("alarm", "builder", "files", "launcher", "queue", "records", "secrets")
    assert loaded & {f"protege.storage.aws.{name}" for name in beside} == set()
