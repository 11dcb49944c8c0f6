"""The signed half as the ingress uses it: whose credentials, which endpoint, how much it loads."""

import datetime
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protege.errors import Unavailable
from protege.storage.aws.signed import SignedQueue, dynamodb
from tests.storage.listening import ENV, OK, PATIENT_S, listening, read_request


def put(endpoint: str, body: str = "x") -> str:
    url = f"{endpoint}/123/queue"
    return SignedQueue(url, ENV, PATIENT_S).put(body)


@pytest.mark.parametrize("missing", sorted(ENV))
def test_without_region_or_credentials_it_is_unavailable(missing: str) -> None:
    env = {name: value for name, value in ENV.items() if name != missing}
    with pytest.raises(Unavailable, match=missing):
        SignedQueue("http://127.0.0.1:9/1/q", env).put("x")


def test_credentials_are_read_anew_for_each_call() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket, number: int) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(OK)

    with listening(serve) as endpoint:
        env = dict(ENV)
        queue = SignedQueue(f"{endpoint}/123/queue", env, PATIENT_S)
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
                while read_request(secure):
                    secure.sendall(OK)
        except OSError:
            return

    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(serve) as endpoint:
        secure = endpoint.replace("http://127.0.0.1", "https://localhost")
        if trusted:
            assert [put(secure), put(secure)] == ["1", "1"]
        else:
            with pytest.raises(Unavailable, match="certificate"):
                put(secure)


def test_the_signed_half_loads_nothing_heavy() -> None:
    heavy = "boto3 botocore email http.client dataclasses inspect urllib.request uuid sqlite3"
    code = f"""
import sys, protege.storage.aws.signed as signed
signed.SignedQueue("http://127.0.0.1:9/1/q", {ENV!r})
print([name for name in {heavy.split()!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
