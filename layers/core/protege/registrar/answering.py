"""The one answer to CloudFormation, put where its pre-signed address says.

That address is a secret: whoever has it may answer in our place. It is never logged.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3

from protege.errors import Unavailable
from protege.journal import note

HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu")
LONGEST_REASON = 1000
"""The whole body may have 4,096 bytes."""
COPIED = ("StackId", "RequestId", "LogicalResourceId")
WAITS_S = (0.0, 0.5, 1.5)
"""Before each try. Not urllib3's own tries: it logs the whole address of each."""


class Answering:
    """Answers an event once: whoever comes second finds it done. `aws`: another address of AWS."""

    def __init__(self, event: dict[str, Any], aws: str) -> None:
        self._event = event
        self._aws = aws
        self._lock = threading.Lock()
        self._given: dict[str, Any] = {}

    def succeeded(self, physical: str, data: dict[str, Any]) -> dict[str, Any]:
        """Answer SUCCESS; return what was answered in the end. Raises Unavailable."""
        return self._answer("SUCCESS", "", physical, data)

    def failed(self, reason: str) -> dict[str, Any]:
        """Answer FAILED; return what was answered in the end. Raises Unavailable."""
        known = self._event.get("PhysicalResourceId") or "discord-nothing"
        return self._answer("FAILED", reason[:LONGEST_REASON], known, {})

    def _answer(
        self, status: str, reason: str, physical: str, data: dict[str, Any]
    ) -> dict[str, Any]:
        with self._lock:
            if not self._given:
                about = {name: self._event.get(name, "") for name in COPIED}
                told = {"Status": status, "Reason": reason, "PhysicalResourceId": physical}
                self._given = {**told, **about, "Data": data, "NoEcho": False}
                self._put(json.dumps(self._given).encode())
            return self._given

    def _put(self, body: bytes) -> None:
        """The address is signed for an empty content type."""
        url = address(self._event, self._aws)
        for wait_s in WAITS_S:
            time.sleep(wait_s)
            came = _put(url, body)
            note("cloudformation answered", status=self._given["Status"], came=came)
            if came.isdigit() and came < "500":
                return
        raise Unavailable(f"CloudFormation cannot be answered: {came}")


def _put(url: str, body: bytes) -> str:
    """What came: a status, or the kind of error, whose text would tell the address."""
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(5.0), retries=False)
    try:
        found = pool.request("PUT", url, body=body, headers={"Content-Type": ""})
    except urllib3.exceptions.HTTPError as error:
        return type(error).__name__
    return str(found.status)


def address(event: Mapping[str, Any], aws: str) -> str:
    """Where an event is to be answered. Raises Unavailable for what is not AWS; see `allowed`."""
    url = str(event.get("ResponseURL"))
    if not allowed(url, aws):
        raise Unavailable("the event names no address of AWS to answer to")
    return url


def allowed(url: str, aws: str) -> bool:
    """Whether an event may have us send something there: AWS, or what `aws` says is AWS."""
    try:
        found, ours = urlsplit(url), urlsplit(aws)
    except ValueError:
        return False
    if found.hostname and found.hostname == ours.hostname:
        return True
    return found.scheme == "https" and (found.hostname or "").endswith(HOSTS)
