"""A small AWS on this machine (moto) that holds what the template describes."""

import json
import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3

from tools.emulator import REGION
from tools.moto import moto
from tools.translate import translated

SECRETS = {
    "discord-bot-token": "sample-bot-token",
    "openai-api-key": "sample-key",
    "openai-webhook-secret": "whsec_c2FtcGxlLXNlY3JldA==",
}
START_S = 60.0
"""Its first answer takes long: moto imports what it needs only then."""


class Cloud(NamedTuple):
    """A running AWS. `values`: what the template's names stand for (`Ref`)."""

    url: str
    values: dict[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client of it."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106  # moto takes any
        )

    def waiting(self, queue: str) -> int:
        """How many messages can be received from `WorkQueue` or `DeadLetters`."""
        name = "ApproximateNumberOfMessages"
        found = self.client("sqs").get_queue_attributes(
            QueueUrl=self.values[queue], AttributeNames=[name]
        )
        return int(found["Attributes"][name])

    def empty(self, queue: str) -> None:
        """Delete what can be received from it: purging is allowed once a minute only."""
        sqs, url = self.client("sqs"), self.values[queue]
        while found := sqs.receive_message(QueueUrl=url).get("Messages"):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        sqs.close()


@contextmanager
def cloud() -> Iterator[Cloud]:
    """The template's queues, table and bucket, and the secrets, on a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or it tells of every request
    with moto() as url:
        it = Cloud(url, {})
        _empty(it.url)  # moto keeps one state for the whole process
        _fill(it, translated()["Resources"])
        yield it


def _empty(url: str) -> None:
    request = urllib.request.Request(f"{url}/moto-api/reset", method="POST")  # noqa: S310
    urllib.request.urlopen(request, timeout=START_S).close()  # noqa: S310


def _fill(it: Cloud, resources: dict[str, Any]) -> None:
    def properties(name: str) -> dict[str, Any]:
        found: dict[str, Any] = resources[name]["Properties"]
        return found

    it.client("s3").create_bucket(
        Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    of_table = ("BillingMode", "AttributeDefinitions", "KeySchema")
    table = {name: properties("Table")[name] for name in of_table}
    it.client("dynamodb").create_table(TableName="table", **table)
    dead = _queue(it, "DeadLetters", properties("DeadLetters"), "")
    work = _queue(it, "WorkQueue", properties("WorkQueue"), dead)
    for name, value in SECRETS.items():
        it.client("ssm").put_parameter(Name=f"/protege/{name}", Value=value, Type="SecureString")
    it.client("events").put_rule(
        Name="protege-watch", ScheduleExpression="rate(1 minute)", State="DISABLED"
    )
    it.values.update(Bucket="bucket", Table="table", WorkQueue=work, DeadLetters=dead)


def _queue(it: Cloud, name: str, properties: dict[str, Any], dead: str) -> str:
    """Create a queue as CloudFormation would; return its URL."""
    sqs = it.client("sqs")
    wanted = dict(properties)
    if dead:
        asked = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
        redrive = wanted["RedrivePolicy"] | {"deadLetterTargetArn": asked["Attributes"]["QueueArn"]}
        wanted["RedrivePolicy"] = json.dumps(redrive)
    attributes = {key: str(value) for key, value in wanted.items() if key != "SqsManagedSseEnabled"}
    url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url
