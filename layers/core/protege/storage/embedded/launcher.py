"""The voice worker on one machine: a child process, whose output goes to our log."""

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping

from protege.errors import Unavailable

KEEPER = (sys.executable, "-m", "protege.storage.embedded.keeper")
WORKER = (sys.executable, "-m", "voice_worker")


class ChildLauncher:
    """`command`: as one would type it; empty: this Python's `-m voice_worker`. `env`: ours, too."""

    def __init__(self, command: str, env: Mapping[str, str]) -> None:
        self._command = tuple(shlex.split(command)) or WORKER
        self._env = {**os.environ, **env}
        self._lock = threading.Lock()
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start one; no effect while the last one runs. It ends when this process does.

        Raises Unavailable.
        """
        with self._lock:
            if self._keeper and self._keeper.poll() is None:
                return
            try:
                self._keeper = subprocess.Popen(  # noqa: S603  # an operator's setting
                    (*KEEPER, *self._command), stdin=subprocess.PIPE, env=self._env
                )
            except OSError as error:
                raise Unavailable(f"the voice worker does not start: {error}") from error
            # Somebody has to wait for it, or its end leaves a zombie.
            threading.Thread(target=self._keeper.wait, daemon=True).start()

    def stop(self) -> None:
        """End the one that runs, and wait for it."""
        with self._lock:
            if self._keeper and self._keeper.stdin:
                self._keeper.stdin.close()
                self._keeper.wait()
