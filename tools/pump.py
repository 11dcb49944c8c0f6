"""What Lambda's event source does for a queue: batches in, partial failures back."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tools.emulator import Answer


class Pumped(NamedTuple):
    """One poll: messages received, and those of them that are dealt with."""

    received: int
    done: int


def pump(sqs: Any, url: str, invoke: Callable[[Any], Answer], *, batch: int = 1) -> Pumped:
    """Poll once and call the function; `sqs` is a boto3 client, `url` the queue's.

    Failed messages can be received again at once, as if their visibility timeout were over.
    """
    names = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=batch, **names)
    messages = found.get("Messages", [])
    if not messages:
        return Pumped(0, 0)
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    failed = _failed(messages, invoke(event(messages, asked["Attributes"]["QueueArn"])))
    for message in messages:
        receipt = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
        if message["MessageId"] in failed:
            sqs.change_message_visibility(**receipt, VisibilityTimeout=0)
        else:
            sqs.delete_message(**receipt)
    return Pumped(len(messages), len(messages) - len(failed))


def event(messages: list[dict[str, Any]], arn: str) -> dict[str, Any]:
    """The event with which SQS calls a function."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "md5OfBody": message["MD5OfBody"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": message.get("MessageAttributes", {}),
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": arn.split(":")[3],
            }
            for message in messages
        ]
    }


def _failed(messages: list[dict[str, Any]], answer: Answer) -> set[str]:
    """A crash or a time-out fails the whole batch."""
    if answer.error:
        return {message["MessageId"] for message in messages}
    return {found["itemIdentifier"] for found in answer.value["batchItemFailures"]}
