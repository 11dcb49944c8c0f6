"""`python -m protege.storage.embedded.keeper COMMAND...`: a command that ends when we do.

Whoever starts this holds the other end of its stdin. When that process ends, however it does, the
system closes the pipe; then the command is asked to end, and soon made to.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

STOP_S = 10.0
"""What the command gets to end by itself: a voice worker leaves its channels within 5 s."""


def keep(command: Sequence[str]) -> int:
    """Run the command until it ends, or stdin does; return its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends our parent, and that ends us
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # an operator's setting
    signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    threading.Thread(target=_end_with_stdin, args=(child,), daemon=True).start()
    return child.wait()


def _end_with_stdin(child: "subprocess.Popen[bytes]") -> None:
    sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
