"""Storage on AWS: S3, DynamoDB, SQS and EventBridge; and ECS, which starts the voice worker.

Importing this costs nothing: each class is loaded when it is asked for, boto3 when `client` is
called. The ingress needs `signed` only, and would pay for all the rest at each cold start.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protege.storage.aws.alarm import RuleAlarm
    from protege.storage.aws.builder import ImageBuilder
    from protege.storage.aws.clients import client
    from protege.storage.aws.files import S3Files
    from protege.storage.aws.launcher import TaskLauncher
    from protege.storage.aws.queue import SqsQueue
    from protege.storage.aws.records import DynamoRecords
else:
    PLACES = {
        "DynamoRecords": "records",
        "ImageBuilder": "builder",
        "RuleAlarm": "alarm",
        "S3Files": "files",
        "SqsQueue": "queue",
        "TaskLauncher": "launcher",
        "client": "clients",
    }

    def __getattr__(name: str) -> object:
        """What is asked for by its name (https://peps.python.org/pep-0562/)."""
        if name not in PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(__import__(f"{__name__}.{PLACES[name]}", fromlist=[name]), name)


__all__ = [
    "DynamoRecords",
    "ImageBuilder",
    "RuleAlarm",
    "S3Files",
    "SqsQueue",
    "TaskLauncher",
    "client",
]
