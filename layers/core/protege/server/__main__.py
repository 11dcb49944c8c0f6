"""`python -m protege.server`: the endpoint here, the worker in a process of its own.

Two processes, so that a training job never keeps an interaction waiting for its three seconds.
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from protege.app import app
from protege.config import ConfigError
from protege.journal import note
from protege.server.endpoint import GUARDS, endpoint
from protege.server.figures import shown
from protege.server.logs import log_to_stderr

REST_S = 1.0
STOP_S = 30.0
"""What a worker in the middle of an answer gets to finish it."""


class Supervised:
    """The worker process, started again whenever it dies."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the worker, politely at first."""
        with self._starting:
            self._over.set()
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _watch(self) -> None:
        while not self._over.is_set():
            code = self._process.wait()
            self._over.wait(REST_S)
            with self._starting:
                if not self._over.is_set():
                    note("worker started again", code=code)
                    self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "protege.server.loop", str(os.getpid())]
        return subprocess.Popen(command)  # noqa: S603  # nothing in it comes from outside


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    try:
        bot = app()
    except ConfigError as error:
        sys.exit(f"protege: {error}")
    log_to_stderr("endpoint", bot.config)
    signal.signal(signal.SIGTERM, _leave)
    try:
        server = create_server(endpoint(bot), host=bot.config.host, port=bot.config.port, **GUARDS)
    except OSError as error:
        sys.exit(f"protege: cannot listen on {bot.config.host}:{bot.config.port}: {error.strerror}")
    worker = Supervised()
    note("listening", url=f"http://{bot.config.host}:{bot.config.port}/interactions")
    try:
        with shown(bot.config):
            server.run()
    finally:
        server.close()
        worker.stop()


if __name__ == "__main__":
    main()
