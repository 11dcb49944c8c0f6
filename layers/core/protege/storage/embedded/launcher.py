"""The voice worker on one machine: a child process, whose output goes to our log."""

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

from protege.errors import Unavailable

KEEPER = (sys.executable, "-m", "protege.storage.embedded.keeper")
WORKER = (sys.executable, "-m", "voice_worker")


class ChildLauncher:
    """`command`: as one would type it; empty: this Python's `-m voice_worker`. `env`: ours, too."""

    def __init__(self, command: str, env: Mapping[str, str]) -> None:
        self._command = tuple(shlex.split(command)) or WORKER
        self._env = {**os.environ, **env}
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._again = False

    def start(self) -> None:
        """Start one; while the last one runs, when that has ended by itself: it may be about to. It
        ends when this process does. Raises Unavailable.
        """
        with self._lock:
            if self._child and self._child.runs:
                self._again = True
            else:
                self._begin()

    def wait(self) -> None:
        """Until the one that runs has ended by itself."""
        if self._child:
            self._child.over.wait()

    def stop(self) -> None:
        """End the one that runs, and wait for it."""
        with self._lock:
            self._again, child = False, self._child
        if child:
            child.stop()

    def _begin(self) -> None:
        self._again = False
        try:
            self._child = _Child((*KEEPER, *self._command), self._env, self._ended)
        except OSError as error:
            raise Unavailable(f"the voice worker does not start: {error}") from error

    def _ended(self) -> None:
        with self._lock:
            if self._again:
                self._begin()


class _Child:
    """A keeper at work. The end of its input tells it that we are gone."""

    def __init__(
        self, command: tuple[str, ...], env: Mapping[str, str], ended: Callable[[], None]
    ) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=env)  # noqa: S603  # an operator's setting
        self._ended = ended
        self.over = threading.Event()
        # Somebody has to wait for it, or its end leaves a zombie.
        threading.Thread(target=self._reap, daemon=True).start()

    @property
    def runs(self) -> bool:
        return not self.over.is_set()

    def stop(self) -> None:
        self._close()
        self.over.wait()

    def _reap(self) -> None:
        self._process.wait()
        self._close()
        self.over.set()
        self._ended()

    def _close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
