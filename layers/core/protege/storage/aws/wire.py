"""Requests over a kept connection, within a time limit for the whole call.

Not http.client: importing that costs the ingress 16 ms of cold start (it loads the email package),
and its time limit is one for each read.
"""

import socket
import time
from collections.abc import Mapping
from typing import NamedTuple

KEEP_S = 20.0
"""A connection idle for longer is not used again: the other side may be about to close it."""
PORTS = {"http": 80, "https": 443}
HEAD_MAX_BYTES = 64 * 1024
_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    keep: bool
    """The connection may be used again."""


class Line:
    """One endpoint, such as `https://sqs.eu-west-1.amazonaws.com`; for many threads at once."""

    def __init__(self, endpoint: str, limit_s: float) -> None:
        """`limit_s`: seconds for a whole call, resolving the name excepted. Raises ValueError."""
        self._idle: list[tuple[socket.socket, float]] = []
        scheme, _, rest = endpoint.partition("://")
        place, _, path = rest.partition("/")
        name, port = _split(place.lower())
        if scheme not in PORTS or not name:
            raise ValueError(f"not an endpoint: {endpoint}")
        usual = PORTS[scheme]
        self.path = f"/{path}"
        self.host = name if port in (0, usual) else f"{name}:{port}"
        self._address = (name.strip("[]"), port or usual)
        self._limit_s = limit_s
        self._tls = None
        if scheme == "https":
            import ssl

            self._tls = ssl.create_default_context()

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a POST request and read the answer. Raises as `send`."""
        return self.send("POST", self.path, headers, body)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send and read the answer; once more where that fails or the status is 5xx.

        `target`: path and query. Raises OSError (TimeoutError when time is up).
        """
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = f"{method} {target} HTTP/1.1\r\n{head}content-length: {len(body)}\r\n\r\n"
        request = start.encode() + body
        begun = time.monotonic()
        try:
            answer = self._exchange(request, begun + self._limit_s / 2)
            if answer.status < 500:
                return answer
        except OSError:
            self.close()  # what else is kept is as old
        return self._exchange(request, begun + self._limit_s)

    def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop()[0].close()

    def __del__(self) -> None:
        self.close()

    def _exchange(self, request: bytes, ends: float) -> Answer:
        connection = self._connection(ends)
        try:
            connection.settimeout(_left(ends))
            connection.sendall(request)
            answer = _answer(connection, ends)
        except BaseException:
            connection.close()
            raise
        if answer.keep:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()
        return answer

    def _connection(self, ends: float) -> socket.socket:
        while self._idle:
            kept, since = self._idle.pop()
            if time.monotonic() - since < KEEP_S:
                return kept
            kept.close()
        plain = socket.create_connection(self._address, timeout=_left(ends))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._address[0])
        except BaseException:
            plain.close()
            raise


def _answer(connection: socket.socket, ends: float) -> Answer:
    data = b""
    while _END not in data:
        if len(data) > HEAD_MAX_BYTES:
            raise OSError("the answer's head has no end")
        data += _more(connection, ends)
    head, _, body = data.partition(_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in map(_header, lines)}
    keep = first.startswith("HTTP/1.1") and fields.get("connection", "").lower() != "close"
    try:
        status = int(first.split(" ")[1])
        if fields.get("transfer-encoding", "").lower() == "chunked":
            body, beyond = _dechunked(connection, body, ends)
        else:
            body, beyond = _counted(connection, body, int(fields["content-length"]), ends)
    except (KeyError, ValueError, IndexError):
        raise OSError(f"not an answer of AWS: {first[:80]}") from None
    return Answer(status, body, keep and not beyond)


def _counted(
    connection: socket.socket, body: bytes, length: int, ends: float
) -> tuple[bytes, bool]:
    """A body of known length; and whether more came than that."""
    parts, size = [body], len(body)
    while size < length:
        parts.append(_more(connection, ends))
        size += len(parts[-1])
    return b"".join(parts), size > length


def _dechunked(connection: socket.socket, data: bytes, ends: float) -> tuple[bytes, bool]:
    """A body in chunks (RFC 9112, 7.1), as S3 sends lists; and whether anything follows it."""
    parts = []
    while True:
        while b"\r\n" not in data:
            data += _more(connection, ends)
        first, _, data = data.partition(b"\r\n")
        size = int(first.partition(b";")[0], 16)
        while len(data) < size + 2:
            data += _more(connection, ends)
        parts.append(data[:size])
        data = data[size + 2 :]
        if size == 0:
            return b"".join(parts), bool(data)


def _header(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _more(connection: socket.socket, ends: float) -> bytes:
    connection.settimeout(_left(ends))
    data = connection.recv(65536)
    if not data:
        raise ConnectionResetError("closed before the answer was whole")
    return data


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left


def _split(place: str) -> tuple[str, int]:
    name, colon, port = place.rpartition(":")
    return (name, int(port)) if colon and port.isdigit() else (place, 0)
