"""Servers to measure, each a process of its own: `python -m bench.served NAME THREADS`.

It prints its port and serves; all of them run under waitress, as `make serve` does.
"""

import importlib
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from waitress.server import create_server

from bench.rate import Nowhere, bare
from protege.server.endpoint import GUARDS
from tools.events import PUBLIC_KEY

Server = tuple[int, tuple[str, int]]
"""Process id and address."""
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def server(name: str, threads: int = 1) -> Iterator[Server]:
    """A server, for as long as it is needed."""
    command = [sys.executable, "-m", "bench.served", name, str(threads)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where the log goes; writing it is part of the work
            text=True,
            env=os.environ | {"DATA_DIR": folder, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as process,
    ):
        try:
            yield process.pid, ("127.0.0.1", int(cast(IO[str], process.stdout).readline()))
        finally:
            process.terminate()


def ours() -> Any:
    """The endpoint of `make serve`, without its queue."""
    return _endpoint({"queue": Nowhere()})


def kept() -> Any:
    """The endpoint of `make serve`: what is deferred is on the disk before it is acknowledged."""
    return _endpoint({})


def _endpoint(parts: dict[str, Any]) -> Any:
    from protege.app import App
    from protege.config import Config
    from protege.metrics import send_to
    from protege.metrics.totals import Totals
    from protege.server.endpoint import endpoint
    from protege.server.logs import log_to_stderr

    app = App(Config(PUBLIC_KEY, data_dir=os.environ["DATA_DIR"]), {})
    log_to_stderr("endpoint", app.config)
    send_to(Totals(app.config.metrics_by))
    vars(app).update(parts)
    return endpoint(app)


def plain() -> Wsgi:
    """The bare handler as the least WSGI application."""
    respond = bare()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        signature, timestamp = (
            environ["HTTP_X_SIGNATURE_ED25519"],
            environ["HTTP_X_SIGNATURE_TIMESTAMP"],
        )
        status, answer = respond(body, signature, timestamp)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
        start("200 OK" if status == 200 else "401 Unauthorized", about)
        return [answer]

    return application


def flask() -> Any:
    """Flask with Discord's own helper, as its README shows it.

    https://github.com/discord/discord-interactions-python
    """
    from flask import Flask, jsonify, request

    verified = importlib.import_module("discord_interactions").verify_key_decorator
    app = Flask(__name__)

    @app.post("/interactions")
    @verified(PUBLIC_KEY)  # type: ignore[untyped-decorator]
    def interactions() -> Any:
        now = request.get_json()["data"]["name"] == "hi"
        return jsonify({"type": 4, "data": {"content": "HI!"}} if now else {"type": 5})

    return app


WAYS: dict[str, Callable[[], Any]] = {"bare": plain, "flask": flask, "ours": ours, "kept": kept}


def main(name: str, threads: int) -> None:
    """Serve until killed."""
    logging.getLogger("waitress").disabled = True  # it would warn of every request that waits
    logging.getLogger("waitress.queue").disabled = True
    guards = GUARDS if name in ("ours", "kept") else {}
    it: Any = create_server(WAYS[name](), host="127.0.0.1", port=0, threads=threads, **guards)
    print(it.effective_port, flush=True)
    it.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
