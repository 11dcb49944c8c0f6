"""What belongs to a stack, found by its name: what it holds, or what it left when it was deleted.

Somebody else's must never be taken for it: names alone say little, as an account has many.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from protege.storage.aws.clients import faults
from tools.keeping.clients import client

KEPT = {"Bucket": "{}-bucket-", "Table": "{}-Table-"}
"""What outlives its stack (DeletionPolicy in template.yaml), and how CloudFormation names it."""
OURS = "Custom::DiscordRegistration"
"""A type that no other stack has."""
ENDING = re.compile(r"[A-Za-z0-9]{12,13}").fullmatch
"""What CloudFormation adds to a name."""
OF_STACK = "aws:cloudformation:stack-name"


def parts(stack: str) -> dict[str, str]:
    """Names by logical id. Raises SystemExit where the stack is none of ours, cannot be asked
    for, or has left several of a kind; Unavailable."""
    try:
        found = dict(_held(stack))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise SystemExit(f"CloudFormation: {error}") from None
        with faults():
            return _left(stack)
    except BotoCoreError as error:
        raise SystemExit(f"{error} (AWS_PROFILE, REGION=)") from None
    with faults():
        if OURS not in _types(stack):
            raise SystemExit(f"{stack} is a stack of something else; nothing of it is touched")
    return found


def _types(stack: str) -> list[str]:
    """Types of resources in a stack's template."""
    found = client("cloudformation").get_template_summary(StackName=stack)
    return list(found["ResourceTypes"])


def _held(stack: str) -> Iterator[tuple[str, str]]:
    """A stack whose deletion failed still tells of what is gone already."""
    pages = client("cloudformation").get_paginator("list_stack_resources")
    for one in pages.paginate(StackName=stack).search("StackResourceSummaries[]"):
        if one and one.get("PhysicalResourceId") and one["ResourceStatus"] != "DELETE_COMPLETE":
            yield one["LogicalResourceId"], one["PhysicalResourceId"]


def _left(stack: str) -> dict[str, str]:
    found = {"Bucket": list(_buckets(stack)), "Table": list(_tables(stack))}
    for kind, names in found.items():
        if len(names) > 1:
            raise SystemExit(
                f"{stack} was deployed more than once and left more than one {kind}: "
                f"{', '.join(names)}. Delete what you do not want first."
            )
    return {kind: names[0] for kind, names in found.items() if names}


def _buckets(stack: str) -> Iterator[str]:
    """Buckets of all regions are listed: another one's may belong to a stack that lives there."""
    s3 = client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        alike = _named(name, KEPT["Bucket"].format(stack.lower())) and _here(s3, name)
        if alike and _tags(s3, name).get(OF_STACK, stack) == stack:
            yield name


def _tables(stack: str) -> Iterator[str]:
    pages = client("dynamodb").get_paginator("list_tables").paginate()
    for name in pages.search("TableNames[]"):
        if name and _named(name, KEPT["Table"].format(stack)):
            yield name


def _named(name: str, beginning: str) -> bool:
    return name.startswith(beginning) and bool(ENDING(name.removeprefix(beginning)))


def _here(s3: Any, bucket: str) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html"""
    found = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    return bool({"EU": "eu-west-1"}.get(found, found) == s3.meta.region_name)


def _tags(s3: Any, bucket: str) -> Mapping[str, str]:
    """CloudFormation's own among them, which tell two stacks apart that differ in capitals only."""
    try:
        found = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in found}
