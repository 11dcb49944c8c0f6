"""X-Ray: which trace this work belongs to, and how long what it waits for takes.

Lambda names the trace of each invocation in the environment and runs X-Ray's daemon beside us; a
datagram to it costs microseconds and is never waited for. Nothing that anybody wrote is in one.
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import json
import os
import time
from collections.abc import Mapping

HEADER = "_X_AMZN_TRACE_ID"
DAEMON = "AWS_XRAY_DAEMON_ADDRESS"
FIRST_LINE = b'{"format": "json", "version": 1}\n'
"""https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon"""


def header() -> str:
    """This invocation's trace as it is passed on (`Root=…;Parent=…;Sampled=1`); empty: none."""
    return os.environ.get(HEADER, "")


def trace_id(of: str) -> str:
    """The id of the trace that a header names; empty where it names none."""
    return _fields(of).get("Root", "")


def traced() -> bool:
    """Whether X-Ray's daemon runs beside us."""
    return DAEMON in os.environ


class span:
    """Within it we wait for somebody else: `discord`, `model`, or a service of AWS.

    `operation`: of that service. Where the invocation is not sampled, or nobody traces, it costs
    next to nothing.
    """

    __slots__ = ("_begun", "_name", "_operation")

    def __init__(self, name: str, operation: str = "") -> None:
        self._name, self._operation = name, operation

    def __enter__(self) -> None:
        self._begun = time.time()

    def __exit__(self, of: type[BaseException] | None, *_: object) -> None:
        trace = _fields(os.environ.get(HEADER, ""))
        if trace.get("Sampled") != "1" or not {"Root", "Parent"} <= trace.keys():
            return
        failed = of is not None and issubclass(of, Exception)
        _send(self._document(trace, failed=failed))

    def _document(self, trace: Mapping[str, str], *, failed: bool) -> dict[str, object]:
        found: dict[str, object] = {
            "name": self._name,
            "id": os.urandom(8).hex(),
            "trace_id": trace["Root"],
            "parent_id": trace["Parent"],
            "type": "subsegment",
            "start_time": self._begun,
            "end_time": time.time(),
            "namespace": "aws" if self._operation else "remote",
        }
        if self._operation:
            found["aws"] = {"operation": self._operation}
        return found | ({"fault": True} if failed else {})


def _send(document: Mapping[str, object]) -> None:
    """Never raises: a trace is a courtesy."""
    import socket

    host, _, port = os.environ.get(DAEMON, "").rpartition(":")
    if not host:
        return
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(FIRST_LINE + json.dumps(document).encode(), (host, int(port)))
    except (OSError, ValueError):
        return


def _fields(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value for name, found, value in pairs if found}
