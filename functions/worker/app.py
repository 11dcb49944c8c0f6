"""SQS -> protege.worker.work, partial batch failures."""

from typing import Any

from protege.app import app
from protege.invocation import invocation
from protege.storage import Delivery
from protege.tracing import trace_id
from protege.worker import work


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Unwrap the batch, work through it, name what is to come again."""
    bot = app()
    with invocation("worker", bot.config, context, from_trace=_sender(event)):
        failed = work(bot, map(_delivery, event["Records"]), left_s=_left(context))
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def _delivery(record: dict[str, Any]) -> Delivery:
    """A standard queue may hand a message to two workers at once.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
    """
    receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
    receipt = record.get("receiptHandle", "")
    return Delivery(record["messageId"], record["body"], receipt, receives, alone=False)


def _left(context: Any) -> Any:
    return lambda: context.get_remaining_time_in_millis() / 1000


def _sender(event: dict[str, Any]) -> str:
    """The trace in which the first message was sent; it arrives in one of its own."""
    found = [record.get("attributes", {}).get("AWSTraceHeader", "") for record in event["Records"]]
    return trace_id("".join(found[:1]))
