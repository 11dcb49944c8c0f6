"""The least server that speaks `/v1/embeddings`: MiniLM's vectors, and trouble on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from protege.learning import Embedder


class EmbeddingServer(ThreadingHTTPServer):
    """`requests`: bodies in their order; `trouble`: answers (status, headers) given first."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.embedder = embedder
        self.requests: list[dict[str, Any]] = []
        self.trouble: list[tuple[int, dict[str, str]]] = []
        self.ignores_dims = False
        self.drops_a_row = False

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: EmbeddingServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        if self.server.trouble:
            status, headers = self.server.trouble.pop(0)
            self._say(status, {"error": {"message": "no", "type": "x", "code": None}}, headers)
            return
        rows = 3 * self.server.embedder.embed(body["input"])
        if "dimensions" in body and not self.server.ignores_dims:
            rows = rows[:, : body["dimensions"]]
        data = [
            {"object": "embedding", "index": n, "embedding": row.tolist()}
            for n, row in enumerate(rows)
        ]
        usage = {"prompt_tokens": 7 * len(data), "total_tokens": 7 * len(data)}
        shown = data[:0:-1] if self.server.drops_a_row else data[::-1]
        found = {"object": "list", "data": shown, "model": body["model"], "usage": usage}
        self._say(200, found, {})

    def _say(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        found = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(embedder: Embedder) -> Iterator[EmbeddingServer]:
    """A server, for as long as it is needed."""
    with EmbeddingServer(embedder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
