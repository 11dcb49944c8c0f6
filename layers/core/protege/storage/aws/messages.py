"""Work in an SQS queue, standard or FIFO, whoever carries the requests: boto3 or our own signer."""

import math
import os
from collections.abc import Mapping
from typing import Any

from protege.errors import Missing
from protege.storage import Delivery, Depth
from protege.storage.aws.clients import Ask
from protege.storage.limits import LEASE_MAX_S, WAIT_MAX_S, check_fifo, check_message, check_seconds
from protege.tracing import header

COUNT = "ApproximateReceiveCount"
OPEN = "ApproximateNumberOfMessages"
DELAYED, HELD = f"{OPEN}Delayed", f"{OPEN}NotVisible"


class MessageQueue:
    """Work to be done at least once. Raises Unavailable."""

    def __init__(self, ask: Ask, url: str, wait_max_s: int = WAIT_MAX_S) -> None:
        self._ask = ask
        self._url = url
        self._fifo = url.endswith(".fifo")  # SQS has every FIFO queue named so
        self._wait_max_s = wait_max_s

    def put(
        self,
        body: str,
        *,
        delay_s: int = 0,
        group: str = "",
        once: str = "",
        about: Mapping[str, str] | None = None,
    ) -> str:
        """Add a message; return its id. Raises ValueError (see `limits`)."""
        check_message(body, delay_s, about)
        check_fifo(self._fifo, delay_s, group, once)
        more: dict[str, Any] = {"DelaySeconds": delay_s} if delay_s else {}
        if self._fifo:
            twin = once or os.urandom(16).hex()
            more = {"MessageGroupId": group, "MessageDeduplicationId": twin}
        if about:
            more["MessageAttributes"] = {
                name: {"DataType": "String", "StringValue": said} for name, said in about.items()
            }
        if trace := header():  # so that X-Ray shows who sent what the worker works on
            said = {"DataType": "String", "StringValue": trace}
            more["MessageSystemAttributes"] = {"AWSTraceHeader": said}
        return str(self._on_queue("SendMessage", MessageBody=body, **more)["MessageId"])

    def receive(self, *, wait_s: float, lease_s: int) -> Delivery | None:
        """Take one message for `lease_s` seconds; wait up to `wait_s` (whole, at most 20) for it.

        Raises ValueError.
        """
        check_seconds("a lease", lease_s, LEASE_MAX_S)
        found = self._on_queue(
            "ReceiveMessage",
            MaxNumberOfMessages=1,
            WaitTimeSeconds=min(math.ceil(wait_s), self._wait_max_s),
            VisibilityTimeout=lease_s,
            MessageSystemAttributeNames=[COUNT],
            MessageAttributeNames=["All"],
        )
        for message in found.get("Messages", []):
            receives = int(message["Attributes"][COUNT])
            beside = message.get("MessageAttributes", {})
            about = {name: it["StringValue"] for name, it in beside.items() if "StringValue" in it}
            return Delivery(
                message["MessageId"], message["Body"], message["ReceiptHandle"], receives, about
            )
        return None

    def extend(self, receipt: str, lease_s: int) -> None:
        """Hold it for `lease_s` seconds from now. Raises Missing, ValueError."""
        check_seconds("a lease", lease_s, LEASE_MAX_S)
        self._on_queue("ChangeMessageVisibility", ReceiptHandle=receipt, VisibilityTimeout=lease_s)

    def done(self, receipt: str) -> None:
        """Never deliver it again; no effect once it was handed on."""
        try:
            self._on_queue("DeleteMessage", ReceiptHandle=receipt)
        except Missing:
            return

    def release(self, receipt: str, *, delay_s: int = 0) -> None:
        """Give the message back; no effect once it was handed on. Raises ValueError."""
        try:
            self.extend(receipt, delay_s)
        except Missing:
            return

    def depth(self) -> Depth:
        """How much there is to do, as far as SQS knows; it tells nobody here how old that is.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
        """
        found = self._on_queue("GetQueueAttributes", AttributeNames=[OPEN, DELAYED, HELD])
        counted = {name: int(value) for name, value in found["Attributes"].items()}
        return Depth(counted[OPEN] + counted[DELAYED], counted[HELD])

    def _on_queue(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._ask(operation, {"QueueUrl": self._url, **request})
