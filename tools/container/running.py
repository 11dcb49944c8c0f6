"""A container that runs: asked from outside, told to end."""

import http.client
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from tools.container.engine import Engine, Failed

NAME = "protege-voice-trial"
"""With a random end: several may be tried at the same time."""
LOCKED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
"""Its own files cannot be written, and it may do nothing that root may."""
PATIENCE_S, POLL_S, LAST_S = 90.0, 0.05, 15.0


class Running:
    """Use `running` to have one. `log`: where it writes."""

    def __init__(self, engine: Engine, image: str, options: list[str], log: Path) -> None:
        self.engine, self.log, self.name = engine, log, f"{NAME}-{token_hex(4)}"
        with log.open("wb") as out:
            self._child = subprocess.Popen(
                engine.running("--name", self.name, *LOCKED, *_tmp(engine), *options, image),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def inside(self, *command: str, given: bytes | None = None) -> str:
        """What a command within wrote. Raises Failed."""
        return self.engine.do("exec", "-i", self.name, *command, given=given)

    def until(self, met: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> float:
        """Wait for it; seconds that took. Raises Failed where it ends or takes too long."""
        began = time.monotonic()
        while not met():
            if self._child.poll() is not None or time.monotonic() - began > patience_s:
                raise Failed(f"{what}: not within {patience_s:.0f} s\n{self.told()}")
            time.sleep(POLL_S)
        return time.monotonic() - began

    def peak_mb(self) -> float:
        """The most memory that its processes have had, all together (VmHWM)."""
        first = int(self.engine.do("inspect", "--format", "{{.State.Pid}}", self.name))
        found = (
            re.search(r"VmHWM:\s*(\d+) kB", _read(f"/proc/{pid}/status")) for pid in _all(first)
        )
        return sum(int(it[1]) for it in found if it) / 1024

    def ended(self) -> tuple[int, float]:
        """Send SIGTERM; with which status it ended, and seconds until then."""
        began = time.monotonic()
        self.engine.do("kill", "--signal", "TERM", self.name)
        try:
            status = self._child.wait(LAST_S)
        except subprocess.TimeoutExpired:
            raise Failed(f"it does not end on SIGTERM\n{self.told()}") from None
        return status, time.monotonic() - began

    def told(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-3000:]

    def close(self) -> None:
        """Whatever it does, end it."""
        if self._child.poll() is None:
            self.engine.do("rm", "--force", self.name)
            self._child.wait()


@contextmanager
def running(engine: Engine, image: str, options: list[str], log: Path) -> Iterator[Running]:
    """A container that ends with the block."""
    found = Running(engine, image, options, log)
    try:
        yield found
    finally:
        found.close()


def options(env: Mapping[str, str], ca_file: str) -> list[str]:
    """What the container is started with: settings, who vouches for the stand-in, room to write."""
    given = [word for name, value in env.items() for word in ("--env", f"{name}={value}")]
    trusted = ["--volume", f"{ca_file}:/run/ca.pem:ro", "--env", "SSL_CERT_FILE=/run/ca.pem"]
    return [*given, *trusted, "--volume", "/data"]


def _tmp(engine: Engine) -> list[str]:
    """Podman would make /tmp writable all the same; Docker and Fargate do not."""
    return ["--read-only-tmpfs=false"] if engine.name == "podman" else []


def answers(port: int, path: str) -> bool:
    """Whether its health endpoint says 200."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        asked.request("GET", path)
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _all(pid: int) -> Iterator[int]:
    """A process and all that come of it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(str(task)).split():
            yield from _all(int(child))


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
