"""Whether the worker lives and is ready, over HTTP; and what it counts."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from voice_worker.metrics import Metrics

STALE_S = 10.0
"""A loop that has not turned for so long is stuck: let the container be started anew."""
POLL_S = 0.2
BEAT_S = 0.5
MOST_OPEN = 16
"""Connections, each with a thread of its own."""
SILENT_S = 5.0
"""Who sends nothing for so long is hung up on."""


class Pulse:
    """When the loop last turned. Beaten by the loop, read by the health endpoint's thread."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at = now()

    def beat(self) -> None:
        """The loop turns."""
        self._at = self._now()

    async def beating(self, late: Callable[[float], None]) -> None:
        """On the loop, until cancelled; `late` is told by how many seconds it turns too late."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT_S
            await asyncio.sleep(BEAT_S)
            late(max(0.0, loop.time() - due))
            self.beat()

    @property
    def alive(self) -> bool:
        """Whether it turned lately."""
        return self._now() - self._at < STALE_S


class _Quiet(WSGIRequestHandler):
    """Probes come every few seconds; none of them is news."""

    timeout = SILENT_S

    def log(self, type: str, message: str, *args: object) -> None:
        """Write nothing."""


class _Bounded(ThreadedWSGIServer):
    """Of too many connections the oldest is cut: those who dawdle must not keep a probe out."""

    def __init__(self, host: str, port: int, app: Flask) -> None:
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        super().__init__(host, port, app, handler=_Quiet)

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for a connection."""
        with self._lock:
            self._open.append(request)
            for oldest in self._open[:-MOST_OPEN]:
                with suppress(OSError):
                    oldest.shutdown(socket.SHUT_RDWR)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """The connection is over."""
        with self._lock, suppress(ValueError):
            self._open.remove(request)
        super().shutdown_request(request)


class Health:
    """GET /healthz, /readyz (200 or 503) and /metrics. `port` 0: any free one. Raises OSError."""

    def __init__(
        self, host: str, port: int, pulse: Pulse, ready: Callable[[], bool], metrics: Metrics
    ) -> None:
        app = application(pulse, ready, metrics)
        try:
            self._server = _Bounded(host, port, app)
        except SystemExit:  # werkzeug's way to say that the port is taken
            raise OSError(f"cannot listen on {host}:{port}") from None
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def application(pulse: Pulse, ready: Callable[[], bool], metrics: Metrics) -> Flask:
    """The WSGI application."""
    app = Flask(__name__, static_folder=None)

    def state(good: bool) -> tuple[Response, int]:
        return jsonify(ok=good), 200 if good else 503

    def counted() -> Response:
        return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    app.add_url_rule("/healthz", "healthz", lambda: state(pulse.alive))
    app.add_url_rule("/readyz", "readyz", lambda: state(pulse.alive and ready()))
    app.add_url_rule("/metrics", "metrics", counted)
    return app
