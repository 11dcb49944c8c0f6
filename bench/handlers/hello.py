"""The least a function can be: what Python and Lambda's client cost by themselves."""

from typing import Any


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Say hello."""
    return {"statusCode": 200, "body": "hello"}
