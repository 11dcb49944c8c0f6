"""SQS -> protege.worker.work, partial batch failures."""

from typing import Any

from protege.app import app
from protege.storage import Delivery
from protege.worker import work


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Unwrap the batch, work through it, name what is to come again."""
    failed = work(app(), map(_delivery, event["Records"]), left_s=_left(context))
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def _delivery(record: dict[str, Any]) -> Delivery:
    receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
    return Delivery(record["messageId"], record["body"], record.get("receiptHandle", ""), receives)


def _left(context: Any) -> Any:
    return lambda: context.get_remaining_time_in_millis() / 1000
