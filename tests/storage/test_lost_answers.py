"""A write that AWS carried out though its answer was lost: the second try meets our own first."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from protege.errors import Conflict
from protege.storage.aws import DynamoRecords, S3Files, client
from protege.storage.aws.signed import SignedRecords
from tests.storage.conftest import Aws
from tests.storage.listening import PATIENT_S

pytestmark = pytest.mark.real


class Lossy(ThreadingHTTPServer):
    """Passes requests on to moto, and swallows the first answer to each kind of write."""

    to = ""
    swallow = ("PUT", "DynamoDB_20120810.PutItem")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pass)
        self.swallowed: set[str] = set()


class _Pass(BaseHTTPRequestHandler):
    server: Lossy
    protocol_version = "HTTP/1.1"  # botocore waits for `100 Continue`

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        moto = http.client.HTTPConnection(self.server.to)
        moto.request(self.command, self.path, body, dict(self.headers))
        answer = moto.getresponse()
        content = answer.read()
        moto.close()
        kind = self.headers.get("x-amz-target") or self.command
        if kind in self.server.swallow and kind not in self.server.swallowed:
            self.server.swallowed.add(kind)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_PUT = do_POST = do_HEAD = do_GET = _pass

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def lossy(aws: Aws) -> Iterator[Lossy]:
    server = Lossy()
    server.to = aws.env["AWS_ENDPOINT_URL"].removeprefix("http://")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def env(aws: Aws, lossy: Lossy, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    env = {**aws.env, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{lossy.server_port}"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return env


def test_a_file_written_once_is_ours_though_the_answer_was_lost(
    env: dict[str, str], lossy: Lossy, bucket: str
) -> None:
    s3 = client("s3")
    files = S3Files(bucket, s3)
    files.write("a", b"ours", once=True)
    assert lossy.swallowed == {"PUT"}
    with pytest.raises(Conflict):
        files.write("a", b"ours", once=True)
    s3.close()


@pytest.mark.parametrize("expect", [0, 1])
@pytest.mark.parametrize("signed", [True, False])
def test_a_record_is_ours_though_the_answer_was_lost(
    env: dict[str, str], lossy: Lossy, table: str, aws: Aws, expect: int, signed: bool
) -> None:
    if expect:
        DynamoRecords(table, aws.dynamodb).put("k", "a", {})
    dynamodb = client("dynamodb")
    records = (
        SignedRecords(table, env, limit_s=PATIENT_S) if signed else DynamoRecords(table, dynamodb)
    )
    assert records.put("k", "a", {"n": 1}, expect=expect).version == expect + 1
    assert lossy.swallowed == {"DynamoDB_20120810.PutItem"}
    with pytest.raises(Conflict):
        records.put("k", "a", {"n": 1}, expect=expect)
    dynamodb.close()
