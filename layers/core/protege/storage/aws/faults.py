"""AWS' error codes in our own words."""

from collections.abc import Mapping
from typing import Any

from protege.errors import BotError, Conflict, Missing, Unavailable

MISSING = {
    "NoSuchKey",
    "404",  # a HEAD request's answer has no body to say more
    "NoSuchUpload",
    "NoSuchVersion",
    "InvalidPart",
    "ReceiptHandleIsInvalid",
    "MessageNotInflight",
    "InvalidParameterValue",  # SQS, for a receipt whose message was deleted
}
CONFLICT = {"PreconditionFailed"}


class BeyondEnd(BotError):
    """The wanted range begins where the file has ended."""


class ConditionFailed(Conflict):
    """DynamoDB refused a conditional write; `item` is what it found there (empty: nothing)."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__("another version is there")
        self.item = item


def fault(code: str, message: str, item: Mapping[str, Any] | None = None) -> BotError:
    """The error to raise for an AWS error code, with or without its namespace.

    Whatever is not known is Unavailable, S3's ConditionalRequestConflict (409, "retry the upload")
    among them.
    """
    name = code.rpartition("#")[2].rpartition(".")[2]
    if name == "ConditionalCheckFailedException":
        return ConditionFailed(item or {})
    if name in MISSING:
        return Missing(f"{name}: {message}")
    if name == "InvalidRange":
        return BeyondEnd(f"{name}: {message}")
    if name in CONFLICT:
        return Conflict(f"{name}: {message}")
    return Unavailable(f"{name}: {message}")
