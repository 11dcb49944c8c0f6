"""An HTTP server that says what a test wrote down: a provider's front, with its faults."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

Json = dict[str, Any]


class Said(NamedTuple):
    """One answer. `cut`: the connection ends before the promised length is there; `drip_s`: the
    body comes again and again, so many seconds apart, until nobody listens any more.
    """

    status: int = 200
    body: bytes = b"{}"
    type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = (("Retry-After-Ms", "1"),)
    cut: bool = False
    drip_s: float = 0.0


class Asked(NamedTuple):
    """One request. `json`: its body, or nothing."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    json: Any
    body: bytes


class Scripted(ThreadingHTTPServer):
    """`answers`: the next ones, used up; then `routes`, by method and path without `/v1`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gone = threading.Event()
        self.requests: list[Asked] = []
        self.answers: list[Said] = []
        self.routes: dict[str, Said | Callable[[Asked], Said]] = {}
        self._one = threading.Lock()  # requests come in as many threads as there are connections

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def bodies(self, path: str) -> list[Any]:
        """What was sent to a path."""
        return [asked.json for asked in self.requests if asked.path == path]

    def answer(self, asked: Asked) -> Said:
        with self._one:
            self.requests.append(asked)
            if self.answers:
                return self.answers.pop(0)
        found = self.routes.get(f"{asked.method} {asked.path}", Said(404, b'{"error":{}}'))
        return found if isinstance(found, Said) else found(asked)


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        url = urlsplit(self.path)
        is_json = "json" in self.headers.get("Content-Type", "")
        said = self.server.answer(
            Asked(
                self.command,
                url.path.removeprefix("/v1"),
                url.query,
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(body) if is_json and body else None,
                body,
            )
        )
        self.send_response(said.status)
        self.send_header("Content-Type", said.type)
        if not said.drip_s:
            self.send_header("Content-Length", str(len(said.body) + (100 if said.cut else 0)))
        for name, value in said.headers:
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(said.body)
            while said.drip_s and not self.server.gone.wait(said.drip_s):
                self.wfile.write(said.body)
        except OSError:  # nobody listens any more
            return

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def scripted() -> Iterator[Scripted]:
    """A server for the length of a test."""
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.gone.set()
        server.shutdown()
        server.server_close()
        thread.join()


def said(body: Any, status: int = 200) -> Said:
    """JSON."""
    return Said(status, json.dumps(body).encode())


def refused(status: int, code: str = "", message: str = "no", **headers: str) -> Said:
    """An error as OpenAI words it."""
    body = {"error": {"code": code or None, "type": code or None, "message": message}}
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Said(status, json.dumps(body).encode(), headers=given or Said().headers)


def stream(*events: Json, cut: bool = False, done: bool = False) -> Said:
    """Server-sent events."""
    lines = [
        (f"event: {e['type']}\n" if "type" in e else "") + f"data: {json.dumps(e)}\n\n"
        for e in events
    ]
    lines += ["data: [DONE]\n\n"] if done else []
    return Said(body="".join(lines).encode(), type="text/event-stream", cut=cut)


def piece(text: str) -> Json:
    """A part of an answer of the Responses API."""
    return {"type": "response.output_text.delta", "delta": text}


def ended(state: str = "completed", *, given: int = 100, made: int = 7, **about: Any) -> Json:
    """The end of a response: `completed`, `incomplete` or `failed`."""
    usage = {"input_tokens": given, "output_tokens": made, "total_tokens": given + made}
    return {"type": f"response.{state}", "response": {"id": "r1", "usage": usage, **about}}


def chunk(text: str = "", why: str | None = None) -> Json:
    """A part of a Chat Completion."""
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": why}]}


ANSWER = stream(piece("At "), piece("nine!"), ended())
