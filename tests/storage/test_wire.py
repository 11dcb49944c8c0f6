"""How our own caller of AWS behaves when the other side misbehaves: a real socket, real time."""

import datetime
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protege.errors import Unavailable
from protege.storage.aws.signed import SignedQueue, dynamodb
from protege.storage.aws.wire import Line

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"MessageId": "1"}'
FAILED = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 2\r\n\r\n{}"
ENV = {
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": "eu-west-1",
}
Serve = Callable[[socket.socket, int], None]


@contextmanager
def _listening(serve: Serve) -> Iterator[str]:
    """A server; `serve` gets each connection and its number, and closes it by returning."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def run(target: Callable[..., None], *args: object) -> None:
        threads.append(threading.Thread(target=target, args=args, daemon=True))
        threads[-1].start()

    def talk(connection: socket.socket, number: int) -> None:
        with connection:
            serve(connection, number)

    def accept() -> None:
        for number in range(100):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            run(talk, connection, number)

    run(accept)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join(timeout=5)


def _request(connection: socket.socket) -> bytes:
    """One request; empty when the connection was closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _put(endpoint: str, body: str = "x") -> str:
    url = f"{endpoint}/123/queue"
    return SignedQueue(url, ENV).put(body)


def test_a_connection_is_used_for_many_requests() -> None:
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while _request(connection):
            seen.append(number)
            connection.sendall(OK)

    with _listening(serve) as endpoint:
        queue = SignedQueue(f"{endpoint}/123/queue", ENV)
        assert [queue.put("x") for _ in range(3)] == ["1", "1", "1"]
        del queue
    assert seen == [0, 0, 0]


def test_a_connection_that_went_stale_is_replaced() -> None:
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        if _request(connection):
            seen.append(number)
            connection.sendall(OK)

    with _listening(serve) as endpoint:
        queue = SignedQueue(f"{endpoint}/123/queue", ENV)
        assert [queue.put("x") for _ in range(3)] == ["1", "1", "1"]
        del queue
    assert seen == [0, 1, 2]


def test_a_failure_of_the_other_side_is_tried_once_more() -> None:
    def serve(connection: socket.socket, number: int) -> None:
        for answer in (FAILED, OK):
            _request(connection)
            connection.sendall(answer)

    with _listening(serve) as endpoint:
        assert _put(endpoint) == "1"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        FAILED,
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n<>",
        b'HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\n{"__type": "a#B"}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"garbage\r\n\r\n",
        b"x" * 100_000,
    ],
)
def test_what_is_no_answer_makes_the_queue_unavailable(answer: bytes) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        if _request(connection):
            connection.sendall(answer)

    with _listening(serve) as endpoint, pytest.raises(Unavailable):
        _put(endpoint)


def test_a_server_that_is_not_there_makes_the_queue_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable):
        _put(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("trickle", [b"", b"x"])
def test_a_whole_call_ends_within_its_time_however_slowly_answers_come(trickle: bytes) -> None:
    over = threading.Event()

    def serve(connection: socket.socket, number: int) -> None:
        _request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(0.02):
            try:
                connection.sendall(trickle)
            except OSError:
                return

    with _listening(serve) as endpoint:
        begun = time.monotonic()
        with pytest.raises(OSError):
            Line(endpoint, 0.4).post({"host": "x"}, b"{}")
        took = time.monotonic() - begun
        over.set()
    assert 0.39 < took < 5


def test_a_connection_that_fell_silent_leaves_time_for_a_new_one() -> None:
    """The other side has forgotten the connection, and nothing tells us: no answer ever comes."""
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while _request(connection):
            seen.append(number)
            if seen != [0, 0]:
                connection.sendall(OK)

    with _listening(serve) as endpoint:
        line = Line(endpoint, 1.0)
        assert [line.post({"host": "x"}, b"").status for _ in range(2)] == [200, 200]
        line.close()
    assert seen == [0, 0, 1]


@pytest.mark.parametrize("missing", sorted(ENV))
def test_without_region_or_credentials_it_is_unavailable(missing: str) -> None:
    env = {name: value for name, value in ENV.items() if name != missing}
    with pytest.raises(Unavailable, match=missing):
        SignedQueue("http://127.0.0.1:9/1/q", env).put("x")


@pytest.mark.parametrize("endpoint", ["", "127.0.0.1:80", "ftp://x", "https://"])
def test_what_is_no_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="not an endpoint"):
        Line(endpoint, 1)


def test_credentials_are_read_anew_for_each_call() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket, number: int) -> None:
        while request := _request(connection):
            seen.append(request)
            connection.sendall(OK)

    with _listening(serve) as endpoint:
        env = dict(ENV)
        queue = SignedQueue(f"{endpoint}/123/queue", env)
        queue.put("x")
        env |= {"AWS_ACCESS_KEY_ID": "ROTATED", "AWS_SESSION_TOKEN": "token"}
        queue.put("x")
        del queue
    assert b"Credential=AKID/" in seen[0] and b"x-amz-security-token" not in seen[0]
    assert b"Credential=ROTATED/" in seen[1] and b"x-amz-security-token: token" in seen[1]


@pytest.mark.parametrize("region", ["eu-west-1", "cn-north-1", "us-gov-west-1"])
def test_dynamodb_is_called_where_boto_would_call_it(region: str) -> None:
    boto = boto3.session.Session().client("dynamodb", region_name=region)
    assert dynamodb({"AWS_REGION": region}) == boto.meta.endpoint_url
    boto.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a self-signed certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "both.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_https_speaks_only_to_a_server_with_a_trusted_certificate(
    certificate: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    def serve(connection: socket.socket, number: int) -> None:
        try:
            with tls.wrap_socket(connection, server_side=True) as secure:
                while _request(secure):
                    secure.sendall(OK)
        except OSError:
            return

    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with _listening(serve) as endpoint:
        secure = endpoint.replace("http://127.0.0.1", "https://localhost")
        if trusted:
            assert [_put(secure), _put(secure)] == ["1", "1"]
        else:
            with pytest.raises(Unavailable, match="certificate"):
                _put(secure)


def test_the_signed_half_loads_nothing_heavy() -> None:
    heavy = "boto3 botocore email http.client dataclasses inspect urllib.request uuid sqlite3"
    code = f"""
import sys, protege.storage.aws.signed as signed
signed.SignedQueue("http://127.0.0.1:9/1/q", {ENV!r})
print([name for name in {heavy.split()!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
