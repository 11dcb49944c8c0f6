"""An HTTP server in which faults can be planned: the front of whatever stands behind it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple, TypeVar

Headers = Mapping[str, str]


class Request(NamedTuple):
    """What was asked. `headers`: names in small letters."""

    method: str
    path: str
    headers: Headers
    body: bytes


class Answer(NamedTuple):
    """What is answered."""

    status: int = 200
    headers: Headers = MappingProxyType({})
    body: bytes = b"{}"


class Fault(NamedTuple):
    """What befalls a request.

    `answer`: instead of the true one. `cut`: the connection ends, `before` the request is carried
    out or `after`. `silent`: nothing is said until the caller has gone. `then`: done at that time.
    """

    answer: Answer | None = None
    cut: str = ""
    silent: bool = False
    then: Callable[[], object] = lambda: None


class Front(ThreadingHTTPServer):
    """`fault` decides over each request; None lets it through to `serve`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault: Callable[[Request], Fault | None] = lambda request: None
        self.injected = 0
        self.closing = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def serve(self, request: Request) -> Answer:
        """The true answer."""
        raise NotImplementedError

    def decide(self, request: Request) -> Fault | None:
        with self._lock:
            fault = self.fault(request)
            self.injected += fault is not None
        return fault

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers that are killed hang up: that is no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        fault = self.server.decide(request) or Fault()
        if fault.silent:
            self.server.closing.wait(30)
        if fault.silent or fault.cut == "before":
            fault.then()
            self.close_connection = True
            return
        answer = fault.answer or self.server.serve(request)
        fault.then()
        if fault.cut:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


Kind = TypeVar("Kind", bound=Front)


@contextmanager
def opened(front: Kind) -> Iterator[Kind]:
    """Serve until the end of the block."""
    thread = threading.Thread(target=front.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield front
    finally:
        front.closing.set()
        front.shutdown()
        front.server_close()
        thread.join()
