"""A program that turns what it reads into sound, one process for each piece."""

import io
import subprocess
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import IO, cast

from protege.children import environment
from protege.config import ConfigError
from protege.errors import Unavailable

PIECE = 16_384
LIMIT_S = 30.0
"""A program that takes longer is stopped: the longest sentence takes a fraction of a second."""


def piped(command: Sequence[str], given: bytes, limit_s: float = LIMIT_S) -> Generator[bytes]:
    """What a command writes, piece by piece, when it is given this to read.

    Raises ConfigError where it is not installed, Unavailable where it fails or takes too long.
    Closing the iterator ends the program.
    """
    program = _started(command)
    given_to, read_from = program.stdin, cast(io.BufferedReader, program.stdout)
    timer = threading.Timer(limit_s, program.kill)
    feeding = threading.Thread(target=_feed, args=(given_to, given))
    for thread in (timer, feeding):
        thread.daemon = True
        thread.start()
    try:
        while piece := read_from.read1(PIECE):
            yield piece
        if status := program.wait():
            raise Unavailable(f"{command[0]} ended with {status}")
    finally:
        timer.cancel()
        _end(program, feeding)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603  # texts go to stdin, never into the command
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment()
        )
    except FileNotFoundError:
        raise ConfigError(f"{command[0]} is not installed: it is a Debian package") from None
    except OSError as error:
        raise Unavailable(f"{command[0]}: {error}") from None


def _end(program: subprocess.Popen[bytes], feeding: threading.Thread) -> None:
    program.kill()
    program.wait()
    feeding.join()
    cast(IO[bytes], program.stdout).close()


def _feed(stdin: IO[bytes], given: bytes) -> None:
    with suppress(OSError), stdin:  # it ended before it had read all: its status tells
        stdin.write(given)
