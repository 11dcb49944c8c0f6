"""Podman in the place of Docker's daemon, in a network of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.container.engine import PODMAN, Engine, Failed, works

ALONE = "PROTEGE_NETWORK_ALONE"
STARTS_S, POLL_S = 20.0, 0.1
CONF = """\
[containers]
default_ulimits = ["nofile=8192:8192", "nproc=8192:8192"]
[engine]
cgroup_manager = "cgroupfs"
"""
"""As the command line's options: what SAM starts does not pass them."""


def leave_the_network(module: str) -> None:
    """Start ourselves again in a network namespace: nothing leaves this machine from there, and
    podman's bridge and its rules touch nobody else's network. Raises Failed where we may not.
    """
    if ALONE in os.environ:
        return
    if not works("unshare", "--net", "true"):
        raise Failed("a network of our own takes root")
    os.environ[ALONE] = "1"
    again = [sys.executable, "-m", module, *sys.argv[1:]]
    command = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$0" "$@"', *again]
    os.execvp(command[0], command)  # noqa: S606  # no shell is meant to read these words


@contextmanager
def docker_api(engine: Engine, folder: Path) -> Iterator[dict[str, str]]:
    """The environment by which SAM finds the engine. Raises Failed."""
    if engine.name == "docker":
        yield {}
        return
    conf, socket = folder / "containers.conf", folder / "podman.sock"
    conf.write_text(CONF)
    env = {**os.environ, "CONTAINERS_CONF": str(conf)}
    command = [*PODMAN, "system", "service", "--time=0", f"unix://{socket}"]
    with (folder / "podman.log").open("wb") as log:
        serving = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        _wait(socket, serving)
        yield {"DOCKER_HOST": f"unix://{socket}"}
    finally:
        serving.terminate()
        serving.wait()


def _wait(socket: Path, serving: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_S
    while not socket.exists():
        if serving.poll() is not None or time.monotonic() > ends:
            raise Failed("podman does not serve Docker's API")
        time.sleep(POLL_S)


def gateway(engine: Engine) -> str:
    """The address under which containers reach this machine. Raises Failed."""
    if engine.name == "docker":
        shape = "{{(index .IPAM.Config 0).Gateway}}"
        return engine.do("network", "inspect", "bridge", "--format", shape).strip()
    shape = "{{(index .Subnets 0).Gateway}}"
    return engine.do("network", "inspect", "podman", "--format", shape).strip()
