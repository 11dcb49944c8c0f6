"""`python -m protege.storage.embedded.keeper COMMAND...`: a command that ends when its owner does.

Whoever starts this holds the other end of its stdin. When that process ends, however it does, the
system closes the pipe; then the command is asked to end, and soon made to. A command that was
killed, or crashed, is started again; one that ended by itself is not.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

STOP_S = 10.0
"""What the command gets to end by itself: a voice worker leaves its channels within 5 s."""


AGAIN_S = 1.0
"""Pause before it is started again."""


class Kept:
    """The command, running or about to."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self) -> int:
        """Until it ends by itself or `stop` was called; return its exit code."""
        code = self._once()
        while code < 0 and not self._over.wait(AGAIN_S):
            code = self._once()
        return code

    def stop(self) -> None:
        """Ask it to end, and make it."""
        with self._lock:
            self._over.set()
            child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()

    def _once(self) -> int:
        with self._lock:
            if self._over.is_set():
                return 0
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603  # an operator's setting
        return self._child.wait()


def main(command: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    kept = Kept(command)
    threading.Thread(target=_stop_with_stdin, args=(kept,), daemon=True).start()

    def leave(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=kept.stop).start()  # the lock may be ours

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends our owner, and that ends us
    try:
        return kept.run()
    except OSError as error:
        sys.stderr.write(f"The voice worker does not start: {error}\n")
        return 1


def _stop_with_stdin(kept: Kept) -> None:
    """Past `sys.stdin`, whose lock a thread that is still reading would keep from Python's end."""
    while os.read(0, 1):
        continue
    kept.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
