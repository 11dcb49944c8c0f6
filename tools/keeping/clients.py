"""boto3's clients, each made once: making one takes longer than most of what it is asked."""

from functools import cache
from typing import Any

from protege.storage.aws.clients import client as made


@cache
def client(service: str) -> Any:
    """A client; region and credentials as for any AWS tool."""
    return made(service)


@cache
def table(name: str) -> Any:
    """A table with boto3's own batches: 25 at a time, those not taken once more."""
    import boto3

    return boto3.resource("dynamodb").Table(name)
