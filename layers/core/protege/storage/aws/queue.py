"""Work in SQS, over boto3."""

from typing import Any

from protege.storage.aws.clients import asking
from protege.storage.aws.clients import client as connect
from protege.storage.aws.messages import MessageQueue


class SqsQueue(MessageQueue):
    """Work to be done at least once; see `messages`."""

    def __init__(self, url: str, client: Any = None) -> None:
        super().__init__(asking(client or connect("sqs")), url)
