"""What is left of a stack on AWS when it has been deleted, and how that goes too."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from protege.config import SECRETS
from protege.errors import Unavailable
from protege.storage.aws.builder import REPLIES
from protege.storage.aws.clients import faults
from protege.storage.aws.versions import AT_ONCE
from tools.keeping.clients import client
from tools.keeping.places import Step

LOGS = "/aws/lambda/{}-"
OF_FUNCTION = re.compile("(Ingress|Worker|Watcher|Registrar)-[A-Za-z0-9]+").fullmatch
"""Groups that AWS itself may have made. The stack `protege-test` has others that begin alike."""
SSM_AT_ONCE = 10
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html"""


def steps(stack: str, bucket: str, table: str) -> Iterator[Step]:
    """In order: what answers people first, what is kept last. Raises Unavailable."""
    with faults():
        if _described(stack):
            yield Step(f"stack {stack}: functions, queues, roles …", partial(_unstack, stack))
        if bucket:
            yield _of_bucket(client("s3"), bucket)
        if table:
            yield _of_table(client("dynamodb"), table)
        yield from _secrets(stack)
        yield from _logs(stack)


def _of_bucket(s3: Any, bucket: str) -> Step:
    count, size = _measured(s3, bucket)
    what = f"bucket {bucket}: {count} versions of files, {size / 1e6:.1f} MB"
    return Step(what, partial(_unbucket, s3, bucket))


def _of_table(dynamodb: Any, table: str) -> Step:
    items = dynamodb.describe_table(TableName=table)["Table"]["ItemCount"]
    what = f"table {table}: about {items} records (AWS keeps a last backup of it for 35 days)"
    return Step(what, partial(_untable, dynamodb, table))


def voices(cluster: str) -> Iterator[Step]:
    """Voice workers that run: a cluster with tasks cannot be deleted."""
    ecs = client("ecs")
    with faults():
        for task in ecs.list_tasks(cluster=cluster)["taskArns"]:
            yield Step(f"voice worker {task.rpartition('/')[2]}", partial(_stop, cluster, task))


def _stop(cluster: str, task: str) -> None:
    """It takes half a minute to leave its channels."""
    ecs = client("ecs")
    ecs.stop_task(cluster=cluster, task=task, reason="delete-all")
    ecs.get_waiter("tasks_stopped").wait(cluster=cluster, tasks=[task])


def empty(s3: Any, bucket: str, prefix: str = "") -> None:
    """Delete every version of every file, and every marker. Raises Unavailable."""
    with faults():
        _empty(s3, bucket, prefix)


def _empty(s3: Any, bucket: str, prefix: str = "") -> None:
    pages = s3.get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=bucket, Prefix=prefix, MaxKeys=AT_ONCE):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": it["Key"], "VersionId": it["VersionId"]} for it in found]
        told = objects and s3.delete_objects(
            Bucket=bucket, Delete={"Objects": objects, "Quiet": True}
        )
        if told and told.get("Errors"):
            raise Unavailable(f"{bucket}: {told['Errors'][0]['Message']}")


def outputs(stack: str) -> list[str]:
    """What a stack tells when it is deployed; nothing where it is gone. Raises Unavailable."""
    with faults():
        found = _described(stack)
    return [one["OutputValue"] for one in (found or {}).get("Outputs", [])]


def _described(stack: str) -> Any:
    """A stack as CloudFormation describes it; None where there is none."""
    try:
        return client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise


def _unstack(stack: str) -> None:
    cloudformation = client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)


def _measured(s3: Any, bucket: str) -> tuple[int, int]:
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    sizes = [version["Size"] for page in pages for version in page.get("Versions", [])]
    return len(sizes), sum(sizes)


def _unbucket(s3: Any, bucket: str) -> None:
    try:
        _empty(s3, bucket)
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _untable(dynamodb: Any, table: str) -> None:
    try:
        found = dynamodb.describe_table(TableName=table)["Table"]
        if found.get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=table)
        dynamodb.delete_table(TableName=table)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _secrets(stack: str) -> Iterator[Step]:
    ssm = client("ssm")
    pages = ssm.get_paginator("get_parameters_by_path")
    found = pages.paginate(Path=f"/{stack}/", Recursive=True).search("Parameters[].Name")
    names = [name for name in found if name and _ours(name.removeprefix(f"/{stack}/"))]
    for start in range(0, len(names), SSM_AT_ONCE):
        some = names[start : start + SSM_AT_ONCE]
        yield Step(f"secrets {', '.join(some)}", partial(ssm.delete_parameters, Names=some))


def _ours(secret: str) -> bool:
    """A stack's path in SSM may have been somebody else's before."""
    return secret in SECRETS.values() or secret.startswith(REPLIES)


def _logs(stack: str) -> Iterator[Step]:
    logs, prefix = client("logs"), LOGS.format(stack)
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    for name in pages.search("logGroups[].logGroupName"):
        if name and OF_FUNCTION(name.removeprefix(prefix)):
            yield Step(f"log group {name}", partial(_unlog, logs, name))


def _unlog(logs: Any, name: str) -> None:
    try:
        logs.delete_log_group(logGroupName=name)
    except logs.exceptions.ResourceNotFoundException:
        return  # it went with the stack
