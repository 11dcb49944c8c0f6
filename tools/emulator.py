"""A built function under AWS' own runtime emulator, as Lambda would run it; no container needed.

The emulator (aws-lambda-rie) comes with aws-sam-cli, the runtime's client is AWS' awslambdaric. The
function sees its own code and its layers only: Python runs without site-packages, and what Lambda's
runtime brings (the client; boto3, unless `bare`) is offered after the layers, in a folder of links.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import samcli

from playground.bot import free_port
from tools.artefacts import ARCHITECTURE, Artefact
from tools.runtime import REGION as REGION
from tools.runtime import environment
from tools.runtime import runtime as runtime

RIE = Path(samcli.__file__).parent / f"local/rapid/aws-lambda-rie-{ARCHITECTURE}"
START_S, STOP_S, GRACE_S = 60.0, 10.0, 15.0
INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)")
"""The REPORT line's "Init Duration" and "Max Memory Used" are made up by the emulator."""


class Answer(NamedTuple):
    """What an invocation brought. `error`: empty, or the type of what went wrong."""

    value: Any
    error: str
    ms: float


class Emulator:
    """One execution environment; the function is loaded with the first invocation."""

    def __init__(
        self, artefact: Artefact, env: Mapping[str, str], *, bare: bool = False, options: str = ""
    ) -> None:
        """`env`: the function's variables; `bare`: no boto3; `options`: for Python, as "-X ..."."""
        self._artefact = artefact
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in __exit__
        self._kept = ""
        ports = [free_port(), free_port()]
        self._at = ("127.0.0.1", ports[0])
        # Both addresses always: by default it listens on every interface.
        addresses = [
            *("--runtime-interface-emulator-address", f"127.0.0.1:{ports[0]}"),
            *("--runtime-api-address", f"127.0.0.1:{ports[1]}"),
        ]
        python = [sys.executable, "-S", *options.split(), "-m", "awslambdaric", artefact.handler]
        self._process = subprocess.Popen(
            [RIE, "--log-level", "info", *addresses, *python],
            cwd=artefact.task,
            env=environment(artefact, bare) | dict(env),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> "Emulator":
        ends = time.monotonic() + START_S
        while self._process.poll() is None and time.monotonic() < ends:
            with suppress(OSError):
                socket.create_connection(self._at, 1.0).close()
                return self
            time.sleep(0.005)
        self.__exit__(None, None, None)
        raise RuntimeError(f"the emulator does not start: {self.log}")

    def __exit__(
        self,
        of: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        except ProcessLookupError:
            pass
        self._kept = self.log
        self._log.close()

    def invoke(self, event: Any) -> Answer:
        """Call the function. Its exceptions, crashes and time-outs are in `error`."""
        url = "http://{}:{}/2015-03-31/functions/function/invocations".format(*self._at)
        request = urllib.request.Request(url, json.dumps(event).encode())  # noqa: S310
        limit_s = self._artefact.timeout_s + GRACE_S
        begun = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=limit_s) as found:  # noqa: S310
                raw = found.read().decode()
        except urllib.error.HTTPError as error:
            raw = error.read().decode()
        return _answer(raw, (time.perf_counter() - begun) * 1000)

    @property
    def log(self) -> str:
        """What emulator and function have written so far."""
        if self._log.closed:
            return self._kept
        # Not read(): that would move the place at which the function writes, too.
        descriptor = self._log.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode()

    @property
    def init_ms(self) -> float:
        """How long the first load took. Raises IndexError before the first invocation."""
        return float(INIT.findall(self.log)[0])

    @property
    def cpu_ms(self) -> float:
        """Processor time the function's process has had so far, whatever else the machine did."""
        threads = [t for child in self._children for t in Path("/proc").glob(f"{child}/task/*")]
        return sum(int(_read(t / "schedstat").partition(" ")[0] or 0) for t in threads) / 1e6

    @property
    def peak_mib(self) -> float:
        """The most memory the function's process has held so far."""
        states = [_read(Path(f"/proc/{child}/status")) for child in self._children]
        found = [re.search(r"VmHWM:\s+(\d+)", state) for state in states]
        return max((int(peak[1]) for peak in found if peak), default=0) / 1024

    @property
    def _children(self) -> set[str]:
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return {child for thread in threads for child in _read(thread).split()}


def _answer(raw: str, ms: float) -> Answer:
    try:
        value = json.loads(raw)
    except ValueError:
        return Answer(raw, "Timeout" if "timed out" in raw else "Crash", ms)
    failed = isinstance(value, dict) and "errorMessage" in value
    return Answer(value, str(value.get("errorType", "Error")) if failed else "", ms)


def _read(path: Path) -> str:
    """What the system says of a process or thread; nothing once it has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
