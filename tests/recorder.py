"""A Discord that writes down what it is told and answers as it is bidden."""

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One request of the bot. `body`: its JSON; `files`: name to bytes."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes]
    authorization: str


class Recorder:
    """`answers` are given first, one a call: (status, headers, body); then 200 with new ids."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self.answers: deque[tuple[int, dict[str, str], Any]] = deque()
        self.files: dict[str, bytes] = {}
        self.last_id = 1_420_000_000_000_500_000
        self.nonces: dict[str, str] = {}
        self._one = threading.Lock()  # calls come in as many threads as there are connections

    def contents(self, method: str = "", path: str = "") -> list[str]:
        """The texts of all messages sent so far by such calls."""
        found = [c for c in self.calls if method in c.method and path in c.path]
        return [c.body["content"] for c in found if "content" in (c.body or {})]

    def answer(self, call: Call) -> tuple[int, dict[str, str], Any]:
        """Write the call down; what to reply."""
        with self._one:
            return self._answer(call)

    def _answer(self, call: Call) -> tuple[int, dict[str, str], Any]:
        self.calls.append(call)
        if call.path == "/interactions":  # the bot tries whether strangers are refused
            return 401, {}, {}
        if self.answers:
            return self.answers.popleft()
        if isinstance(call.body, list):
            return 200, {}, call.body
        return 200, {}, {"id": self._id(call)}

    def _id(self, call: Call) -> str:
        nonce = (call.body or {}).get("nonce", "")
        if nonce and nonce in self.nonces:
            return self.nonces[nonce]
        self.last_id += 1
        self.nonces[nonce] = str(self.last_id)
        return str(self.last_id)


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A recorder on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    discord = Recorder(f"http://127.0.0.1:{server.server_port}")
    server.discord = discord  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield discord
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body as one packet: else each answer waits 40 ms to be acknowledged

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body, files = decoded(self.headers.get("Content-Type", ""), raw)
        authorization = self.headers.get("Authorization", "")
        call = Call(self.command, self.path, body, files, authorization)
        status, headers, answer = self._discord.answer(call)
        self._send(status, headers, json.dumps(answer).encode())

    do_PATCH = do_PUT = do_POST

    def do_GET(self) -> None:
        nothing_yet = b"[]" if "/commands?" in self.path else None
        found = self._discord.files.get(self.path, nothing_yet)
        self._send(200 if found is not None else 404, {}, found or b"")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    @property
    def _discord(self) -> Recorder:
        found: Recorder = self.server.discord  # type: ignore[attr-defined]
        return found

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what matters is in `calls`."""


def decoded(content_type: str, raw: bytes) -> tuple[Any, dict[str, bytes]]:
    boundary = re.search("boundary=(.+)", content_type)
    if not boundary:
        return (json.loads(raw) if raw else None), {}
    body, files = None, {}
    for part in raw.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part[2:-2].partition(b"\r\n\r\n")
        filename = re.search(rb'filename="([^"]+)"', head)
        if filename:
            files[filename[1].decode()] = content
        else:
            body = json.loads(content)
    return body, files
