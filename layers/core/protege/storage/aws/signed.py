"""SQS and DynamoDB without boto3, which would take up most of the ingress' three seconds.

Both speak the same JSON protocol: POST /, the operation in `X-Amz-Target`.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from protege.errors import Unavailable
from protege.storage.aws.clients import Ask
from protege.storage.aws.faults import fault
from protege.storage.aws.items import ItemRecords
from protege.storage.aws.messages import MessageQueue
from protege.storage.aws.signing import Credentials, Scope, sign
from protege.storage.aws.wire import Answer, Line

LIMIT_S = 2.0
"""For a whole call: Discord waits three seconds."""


class SignedQueue(MessageQueue):
    """An SQS queue; meant for `put`, so `receive` does not wait. Raises Unavailable."""

    def __init__(self, url: str, env: Mapping[str, str]) -> None:
        """`env`: credentials are read from it at each call, the region and endpoint once."""
        endpoint = _endpoint(env, "SQS") or "/".join(url.split("/")[:3])
        super().__init__(asking(endpoint, "sqs", "AmazonSQS", env), url, wait_max_s=0)


class SignedRecords(ItemRecords):
    """A DynamoDB table. Raises Unavailable."""

    def __init__(
        self, table: str, env: Mapping[str, str], now: Callable[[], float] = time.time
    ) -> None:
        """`env`: as for SignedQueue."""
        super().__init__(asking(dynamodb(env), "dynamodb", "DynamoDB_20120810", env), table, now)


def asking(
    endpoint: str, service: str, target: str, env: Mapping[str, str], limit_s: float = LIMIT_S
) -> Ask:
    """Requests to one service as a function. What it raises: see `faults`."""
    line = Line(endpoint, limit_s)
    region = _region(env)

    def ask(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        scope = Scope(time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), region, service)
        headers = {
            "host": line.host,
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"{target}.{operation}",
        }
        try:
            return _read(line.post(sign(line.path, headers, body, _credentials(env), scope), body))
        except OSError as error:
            raise Unavailable(f"{service} {operation}: {error}") from error

    return ask


def dynamodb(env: Mapping[str, str]) -> str:
    """DynamoDB's endpoint. Raises Unavailable where no region is set.

    https://docs.aws.amazon.com/general/latest/gr/ddb.html
    """
    region = _region(env)
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return _endpoint(env, "DYNAMODB") or f"https://dynamodb.{region}.{domain}"


def _read(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"status {answer.status} without a JSON object")
    if answer.status != 200:
        message = found.get("message") or found.get("Message") or ""
        raise fault(str(found.get("__type", answer.status)), str(message), found.get("Item"))
    return found


def _endpoint(env: Mapping[str, str], service: str) -> str:
    return env.get(f"AWS_ENDPOINT_URL_{service}") or env.get("AWS_ENDPOINT_URL") or ""


def _region(env: Mapping[str, str]) -> str:
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION")
    if not region:
        raise Unavailable("AWS_REGION is not set")
    return region


def _credentials(env: Mapping[str, str]) -> Credentials:
    try:
        key, secret = env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
    except KeyError as error:
        raise Unavailable(f"{error.args[0]} is not set") from None
    return Credentials(key, secret, env.get("AWS_SESSION_TOKEN", ""))
