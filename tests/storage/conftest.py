"""Files, records and queues of every implementation; AWS is a moto server over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from protege.storage import Files, Listing, Queue, Records
from protege.storage.aws import DynamoRecords, S3Files, SqsQueue, client
from protege.storage.aws.signed import SignedListing, SignedQueue, SignedRecords
from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords
from tests.storage.listening import PATIENT_S


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def __call__(self) -> float:
        return self.time


class Aws(NamedTuple):
    """A region full of nothing."""

    env: dict[str, str]
    s3: Any
    dynamodb: Any
    sqs: Any


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def aws_endpoint() -> Iterator[str]:
    """A moto server's address; it ends with the session."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.moto_server"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


@pytest.fixture(scope="session")
def aws(aws_endpoint: str) -> Iterator[Aws]:
    env = {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "session/token==",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        made = Aws(env, client("s3"), client("dynamodb"), client("sqs"))
    yield made
    for boto in made[1:]:
        boto.close()


@pytest.fixture
def bucket(aws: Aws) -> str:
    name = f"bucket-{os.urandom(8).hex()}"
    where = {"LocationConstraint": "eu-west-1"}
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture
def table(aws: Aws) -> str:
    name = f"table-{os.urandom(8).hex()}"
    keys = (("kind", "HASH"), ("id", "RANGE"))
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": type_} for key, type_ in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def queue_url(aws: Aws) -> str:
    url: str = aws.sqs.create_queue(QueueName=f"queue-{os.urandom(8).hex()}")["QueueUrl"]
    return url


REAL = [pytest.param(name, marks=pytest.mark.real) for name in ("aws", "signed")]


@pytest.fixture(params=["embedded", REAL[0]])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "embedded":
        return FolderFiles(tmp_path / "files")
    aws = request.getfixturevalue("aws")
    return S3Files(request.getfixturevalue("bucket"), aws.s3)


@pytest.fixture(params=["embedded", *REAL])
def stocked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Files, Listing]:
    """Files to write, and a listing of them."""
    if request.param == "embedded":
        files = FolderFiles(tmp_path / "files")
        return files, files
    aws, bucket = request.getfixturevalue("aws"), request.getfixturevalue("bucket")
    found = S3Files(bucket, aws.s3)
    return found, found if request.param == "aws" else SignedListing(bucket, aws.env, PATIENT_S)


@pytest.fixture(params=["embedded", *REAL])
def records(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Records:
    if request.param == "embedded":
        return SqliteRecords(tmp_path / "records.sqlite", now=clock)
    aws, table = request.getfixturevalue("aws"), request.getfixturevalue("table")
    if request.param == "aws":
        return DynamoRecords(table, aws.dynamodb, now=clock)
    return SignedRecords(table, aws.env, clock, PATIENT_S)


@pytest.fixture(params=["embedded", *REAL])
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Queue:
    if request.param == "embedded":
        return SqliteQueue(tmp_path / "queue.sqlite")
    aws, url = request.getfixturevalue("aws"), request.getfixturevalue("queue_url")
    return (
        SqsQueue(url, aws.sqs) if request.param == "aws" else SignedQueue(url, aws.env, PATIENT_S)
    )
