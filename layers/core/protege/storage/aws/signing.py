"""AWS' request signature, version 4.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import NamedTuple

ALGORITHM = "AWS4-HMAC-SHA256"
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


class Credentials(NamedTuple):
    """Who signs. `token` is empty for keys that do not expire."""

    key: str
    secret: str
    token: str

    def __repr__(self) -> str:
        return f"Credentials({self.key})"


class Scope(NamedTuple):
    """What a signature is good for. `stamp`: UTC as 20261231T235959Z."""

    stamp: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.stamp[:8]}/{self.region}/{self.service}/aws4_request"


class Target(NamedTuple):
    """What a request asks for, as it stands in its first line.

    `query`: percent-encoded (RFC 3986) and in order of name.
    """

    path: str
    method: str = "POST"
    query: str = ""


def sign(
    target: Target, headers: Mapping[str, str], body: bytes, who: Credentials, scope: Scope
) -> dict[str, str]:
    """The headers to send. `headers`: names in small letters, `host` among them; all are signed."""
    headers = {**headers, "x-amz-date": scope.stamp}
    if who.token:
        headers["x-amz-security-token"] = who.token
    names = ";".join(sorted(headers))
    lines = [f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers)]
    digest = hashlib.sha256(body).hexdigest()
    first = (target.method, _quoted(target.path), target.query)
    request = "\n".join((*first, "".join(lines), names, digest))
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join((ALGORITHM, scope.stamp, str(scope), hashed))
    signature = hmac.digest(_signing_key(who.secret, scope), text.encode(), "sha256").hex()
    credential = f"Credential={who.key}/{scope}"
    value = f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "authorization": value}


def _signing_key(secret: str, scope: Scope) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (scope.stamp[:8], scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _quoted(path: str) -> str:
    """Quoted once more than in the request line, as every service but S3 wants it."""
    return "".join(chr(b) if b in _SAFE else f"%{b:02X}" for b in path.encode())
