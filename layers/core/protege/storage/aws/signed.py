"""SQS, DynamoDB and lists of S3 without boto3, which would take most of the ingress' three seconds.

The first two speak the same JSON protocol: POST /, the operation in `X-Amz-Target`.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from protege.errors import Unavailable
from protege.storage.aws.clients import Ask
from protege.storage.aws.faults import fault
from protege.storage.aws.items import ItemRecords
from protege.storage.aws.messages import MessageQueue
from protege.storage.aws.signing import Credentials, Scope, Target, sign
from protege.storage.aws.wire import Answer, Line
from protege.tracing import span

LIMIT_S = 2.0
"""For a whole call: Discord waits three seconds."""
JSON = "application/x-amz-json-1.0"
LISTED = "(?s)<Contents>.*?<Key>([^<]*)</Key>|<CommonPrefixes><Prefix>([^<]*)</Prefix>"
"""Keys and folders in a list; keys are quoted as in a URL, so no `<` nor `&` is among them."""


class SignedQueue(MessageQueue):
    """An SQS queue; meant for `put`, so `receive` does not wait. Raises Unavailable."""

    def __init__(self, url: str, env: Mapping[str, str], limit_s: float = LIMIT_S) -> None:
        """`env`: credentials are read from it at each call, the region and endpoint once.

        `limit_s`: seconds for a whole call.
        """
        endpoint = _endpoint(env, "SQS") or "/".join(url.split("/")[:3])
        super().__init__(asking(endpoint, "sqs", "AmazonSQS", env, limit_s), url, wait_max_s=0)


class SignedRecords(ItemRecords):
    """A DynamoDB table. Raises Unavailable."""

    def __init__(
        self,
        table: str,
        env: Mapping[str, str],
        now: Callable[[], float] = time.time,
        limit_s: float = LIMIT_S,
    ) -> None:
        """`env`, `limit_s`: as for SignedQueue."""
        ask = asking(dynamodb(env), "dynamodb", "DynamoDB_20120810", env, limit_s)
        super().__init__(ask, table, now)


class SignedListing:
    """A bucket's files, to choose from. Raises Unavailable."""

    def __init__(self, bucket: str, env: Mapping[str, str], limit_s: float = LIMIT_S) -> None:
        """`env`: as for SignedQueue."""
        self._path = f"/{bucket}"
        self._env = env
        region = _region(env)
        self._line = Line(_endpoint(env, "S3") or f"https://s3.{_domain(region)}", limit_s)

    def browse(self, prefix: str, limit: int = 100) -> Sequence[str]:
        """Files and folders that come next after a prefix, in order; at most `limit`."""
        from urllib.parse import quote, unquote_plus  # here, as few cold starts suggest files

        asked = {"list-type": "2", "encoding-type": "url", "delimiter": "/"}
        asked |= {"max-keys": str(limit), "prefix": prefix}
        query = "&".join(f"{name}={quote(asked[name], safe='~')}" for name in sorted(asked))
        target = Target(self._path, "GET", query)
        headers = {"host": self._line.host, "x-amz-content-sha256": hashlib.sha256().hexdigest()}
        scope = Scope(_stamp(), _region(self._env), "s3")
        signed = sign(target, headers, b"", _credentials(self._env), scope)
        try:
            answer = self._line.send("GET", f"{target.path}?{query}", signed, b"")
        except OSError as error:
            raise Unavailable(f"S3: {error}") from error
        if answer.status != 200:
            raise Unavailable(f"S3 answered {answer.status}")
        found = re.findall(LISTED, answer.body.decode())
        return sorted(unquote_plus(key or folder) for key, folder in found)


def asking(
    endpoint: str, service: str, target: str, env: Mapping[str, str], limit_s: float = LIMIT_S
) -> Ask:
    """Requests to one service as a function. What it raises: see `faults`."""
    line = Line(endpoint, limit_s)
    region, name = _region(env), target.partition("_")[0].removeprefix("Amazon")

    def ask(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        scope = Scope(_stamp(), region, service)
        about = {"content-type": JSON, "x-amz-target": f"{target}.{operation}"}
        headers = {"host": line.host, **about}
        try:
            signed = sign(Target(line.path), headers, body, _credentials(env), scope)
            with span(name, operation):
                return _read(line.post(signed, body))
        except OSError as error:
            raise Unavailable(f"{service} {operation}: {error}") from error

    return ask


def dynamodb(env: Mapping[str, str]) -> str:
    """DynamoDB's endpoint. Raises Unavailable where no region is set.

    https://docs.aws.amazon.com/general/latest/gr/ddb.html
    """
    region = _region(env)
    return _endpoint(env, "DYNAMODB") or f"https://dynamodb.{_domain(region)}"


def _domain(region: str) -> str:
    return f"{region}.amazonaws.com.cn" if region.startswith("cn-") else f"{region}.amazonaws.com"


def _stamp() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


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
