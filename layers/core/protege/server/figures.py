"""This machine's numbers for Prometheus: GET /metrics on a port of 127.0.0.1, where one is set.

Its own port, as what stands before the endpoint may pass on any path of that. The worker's numbers
come through a file, as it is a process of its own; after a restart they begin anew, which
Prometheus expects of counters.
"""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from protege.config import Config
from protege.journal import note
from protege.metrics import send_to
from protege.metrics.totals import Totals, merged, text

HOST = "127.0.0.1"
POLL_S = 0.2
TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sums = dict[str, list[float]]


@contextmanager
def shown(config: Config) -> Iterator[int]:
    """Within it the endpoint's process counts, and shows its own numbers and the worker's where a
    port is set; that port, 0: none. Raises SystemExit where it is taken.
    """
    own = Totals(config.metrics_by)
    send_to(own)
    if not config.metrics_port:
        yield 0
        return
    application, port = _application(own, _place(config)), config.metrics_port
    try:
        server = make_server(HOST, port, application, handler_class=_Quiet)
    except OSError as error:
        why = f"cannot listen on {HOST}:{config.metrics_port}: {error.strerror}"
        raise SystemExit(f"protege: {why}") from None
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
    thread.start()
    note("metrics", url=f"http://{HOST}:{config.metrics_port}/metrics")
    try:
        yield config.metrics_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    timeout = 5.0
    """Seconds: whoever asks and then says nothing keeps others waiting no longer."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: it is asked every few seconds."""


def _application(own: Totals, other: Path) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        found = environ["PATH_INFO"] == "/metrics"
        body = text(merged(own.sums(), _read(other))).encode() if found else b""
        about = [("Content-Type", TYPE), ("Content-Length", str(len(body)))]
        start("200 OK" if found else "404 Not Found", about)
        return [body]

    return application


def hand_over(config: Config, own: Totals) -> None:
    """Write the worker's numbers down for the endpoint, if anybody may ask for them."""
    if config.metrics_port:
        place = _place(config)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(own.sums()))
        part.replace(place)


def _place(config: Config) -> Path:
    return Path(config.data_dir).resolve() / "metrics" / "worker.json"


def _read(place: Path) -> Sums:
    try:
        found: Sums = json.loads(place.read_text())
    except (OSError, ValueError):
        return {}
    return found
