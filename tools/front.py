"""API Gateway on this machine: requests become events for whatever answers them."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


class Front:
    """API Gateway's half: HTTP in, an event (payload 2.0) to `answer`, its response out."""

    def __init__(self) -> None:
        self.answer: Callable[[Json], Json] = closed
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.front = self  # type: ignore[attr-defined]
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where interactions go."""
        return f"http://127.0.0.1:{self._server.server_port}/interactions"

    def hand_in(self, event: Json) -> Json:
        """One at a time: there is one execution environment."""
        with self._one:
            return self.answer(event)

    def __enter__(self) -> "Front":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def closed(event: Json) -> Json:
    """API Gateway's answer where no function is."""
    return {"statusCode": 404, "body": '{"message":"Not Found"}'}


def careless(event: Json) -> Json:
    """An endpoint that checks no signature."""
    return {"statusCode": 200, "body": '{"type":1}'}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = self.server.front.hand_in(self._event(body))  # type: ignore[attr-defined]
        answer = found.get("body", "").encode()
        self.send_response(found["statusCode"])
        for name, value in {"content-length": len(answer), **found.get("headers", {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(answer)

    def _event(self, body: bytes) -> Json:
        http = {"method": "POST", "path": self.path, "sourceIp": "127.0.0.1"}
        return {
            "version": "2.0",
            "routeKey": "POST /interactions",
            "rawPath": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": {"http": http, "stage": "$default"},
            "body": body.decode(),
            "isBase64Encoded": False,
        }

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the steps are what is told."""
