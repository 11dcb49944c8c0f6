"""Storage on AWS: S3, DynamoDB, SQS and EventBridge; and ECS, which starts the voice worker.

Importing this is cheap: boto3 is loaded when `client` is called, and not at all by `signed`.
"""

from protege.storage.aws.alarm import RuleAlarm
from protege.storage.aws.builder import ImageBuilder
from protege.storage.aws.clients import client
from protege.storage.aws.files import S3Files
from protege.storage.aws.launcher import TaskLauncher
from protege.storage.aws.queue import SqsQueue
from protege.storage.aws.records import DynamoRecords

__all__ = [
    "DynamoRecords",
    "ImageBuilder",
    "RuleAlarm",
    "S3Files",
    "SqsQueue",
    "TaskLauncher",
    "client",
]
