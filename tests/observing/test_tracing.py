"""What X-Ray is told: whom we wait for and how long, and nothing that anybody wrote."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from protege.errors import Unavailable
from protege.providers import Usage
from protege.providers.persevering import Pieces, persevere, whole
from protege.storage.aws import SqsQueue, client
from protege.storage.aws.signed import SignedQueue
from protege.tracing import header, span, trace_id
from tests.person import Person
from tests.storage.listening import ENV, OK, PATIENT_S, listening, read_request

ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
SAMPLED = f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=a87bd80c:0"
SUBSEGMENT: dict[str, Any] = {
    "type": "object",
    "required": ["name", "id", "trace_id", "parent_id", "type", "start_time", "end_time"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": r"^[\w .:/%&#=+\\\-@]{1,200}$"},
        "id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "trace_id": {"type": "string", "pattern": "^1-[0-9a-f]{8}-[0-9a-f]{24}$"},
        "parent_id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "type": {"const": "subsegment"},
        "start_time": {"type": "number"},
        "end_time": {"type": "number"},
        "namespace": {"enum": ["aws", "remote"]},
        "fault": {"type": "boolean"},
        "aws": {"type": "object", "properties": {"operation": {"type": "string"}}},
    },
}
"""https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html"""


class Daemon:
    """X-Ray's, as far as it listens."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def told(self) -> list[dict[str, Any]]:
        """What has come so far: on one machine a datagram is there when `sendto` returns."""
        found: list[dict[str, Any]] = []
        while True:
            try:
                first, _, rest = self._socket.recv(65536).partition(b"\n")
            except BlockingIOError:
                return found
            assert json.loads(first) == {"format": "json", "version": 1}
            document = json.loads(rest)
            Draft7Validator(SUBSEGMENT).validate(document)
            assert document["start_time"] <= document["end_time"]
            assert (document["trace_id"], document["parent_id"]) == (ROOT, PARENT)
            found.append(document)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    found = Daemon()
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", found.address)
    monkeypatch.setenv("_X_AMZN_TRACE_ID", SAMPLED)
    yield found
    found.close()


def test_what_is_waited_for_is_a_subsegment(daemon: Daemon) -> None:
    with span("model"):
        pass
    with pytest.raises(Unavailable), span("discord"):
        raise Unavailable("the secret of the vault")
    model, discord = daemon.told()
    assert (model["name"], model["namespace"]) == ("model", "remote") and "fault" not in model
    assert (discord["name"], discord["fault"]) == ("discord", True)
    assert "vault" not in json.dumps(discord)


@pytest.mark.parametrize("said", ["", f"Root={ROOT};Parent={PARENT};Sampled=0", "odd", "Sampled=1"])
def test_what_is_not_sampled_is_not_told(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", said)
    with span("model"):
        pass
    assert daemon.told() == []


@pytest.mark.parametrize("address", ["", "nowhere", "127.0.0.1:no", "256.0.0.1:2000"])
@pytest.mark.usefixtures("daemon")
def test_a_daemon_that_cannot_be_reached_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    with span("model"):
        pass


def test_an_answer_shows_the_calls_of_discord_and_nothing_of_its_text(
    ada: Person, daemon: Daemon
) -> None:
    ada.slash("feedback", feedback_text="the vault opens at dusk")
    found = daemon.told()
    assert [document["name"] for document in found] == ["discord"]
    assert "vault" not in json.dumps(found) and "token" not in json.dumps(found)


def test_each_try_of_a_model_is_shown(daemon: Daemon) -> None:
    def once(ends: float) -> Pieces:
        yield "a"
        return Usage()

    assert whole(persevere(once, 5.0)).text == "a"
    assert [document["name"] for document in daemon.told()] == ["model"]


def test_calls_of_aws_are_shown_by_service_and_operation(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [OK, b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}"]

    def serve(connection: socket.socket, number: int) -> None:
        while answers and read_request(connection):
            connection.sendall(answers.pop(0))

    with listening(serve) as endpoint:
        given = {**ENV, "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": endpoint}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        boto = client("sqs")
        queue = SqsQueue(f"{endpoint}/123/queue", boto)
        queue.put("x")
        with pytest.raises(Unavailable):
            queue.put("x")
        boto.close()
    found = daemon.told()
    assert [(d["name"], d["aws"]["operation"], d["namespace"]) for d in found] == [
        ("SQS", "SendMessage", "aws")
    ] * 2


# ---- on to the worker ----------------------------------------------------------------------------


def sent(endpoint_of: Any) -> dict[str, Any]:
    """The request of one `put`."""
    seen: list[bytes] = []

    def serve(connection: socket.socket, number: int) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(OK)

    with listening(serve) as endpoint:
        queue = endpoint_of(f"{endpoint}/123/queue")
        queue.put("x")
        del queue
    found: dict[str, Any] = json.loads(seen[0].partition(b"\r\n\r\n")[2])
    return found


def test_the_queue_hands_the_trace_on_to_the_worker(daemon: Daemon) -> None:
    found = sent(lambda url: SignedQueue(url, ENV, PATIENT_S))
    [waited] = daemon.told()
    assert (waited["name"], waited["aws"]) == ("SQS", {"operation": "SendMessage"})
    assert found["MessageSystemAttributes"] == {
        "AWSTraceHeader": {"DataType": "String", "StringValue": SAMPLED}
    }


def test_without_a_trace_nothing_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)
    assert "MessageSystemAttributes" not in sent(lambda url: SignedQueue(url, ENV, PATIENT_S))
    assert header() == "" and trace_id("") == ""


def test_a_trace_is_named_by_its_root() -> None:
    assert trace_id(SAMPLED) == ROOT
