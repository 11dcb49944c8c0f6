"""Whatever runs containers on this machine: docker, or podman."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

UNIFIED = Path("/sys/fs/cgroup/unified")
INSIDE = "PROTEGE_CONTAINER_INSIDE"
LIMITS = ("--ulimit", "nofile=8192:8192", "--ulimit", "nproc=8192:8192")
"""Podman asks for a million files, more than a container within a container may have."""
PODMAN = ("podman", "--cgroup-manager=cgroupfs")
PACKAGES = ("podman", "crun", "mmdebstrap")
ANSWERS_S, INSTALL_S = 30, 300


class Failed(RuntimeError):
    """A command of the engine failed; the text is what it said last."""


class Engine(NamedTuple):
    """`program`: with what stands before every command."""

    program: tuple[str, ...]
    limits: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`docker` or `podman`."""
        return self.program[0]

    def do(self, *words: str, given: bytes | None = None, limit_s: float = 60.0) -> str:
        """Run a command of it; what it wrote. Raises Failed."""
        return said([*self.program, *words], given, limit_s)

    def runs(self, image: str) -> bool:
        """Whether it can start a process at all; `image`: one that holds a shell."""
        return works(*self.running(image, "true"))

    def running(self, *words: str) -> list[str]:
        """The command that runs a container with these options, on this machine's network."""
        return [*self.program, "run", "--rm", "--network=host", *self.limits, *words]


def said(command: Sequence[str], given: bytes | None = None, limit_s: float = 60.0) -> str:
    """What a command wrote. Raises Failed where it fails, takes too long or does not exist."""
    feed: dict[str, object] = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit_s, **feed)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error)) from None
    if done.returncode:
        told = (done.stdout + done.stderr).decode(errors="replace")
        raise Failed(f"{' '.join(command[:4])} …: {told[-2000:].strip()}")
    text: str = done.stdout.decode(errors="replace")
    return text


def works(*command: str) -> bool:
    """Whether it does not fail."""
    try:
        said(command, limit_s=ANSWERS_S)
    except Failed:
        return False
    return True


def found() -> Engine | None:
    """The engine that answers; podman is installed where we may. None: there is none."""
    if works("docker", "version", "--format", "{{.Server.Version}}"):
        return Engine(("docker",))
    if not shutil.which("podman") and may_install():
        print(f"Installing {', '.join(PACKAGES)} (Debian packages) ...", flush=True)
        install(*PACKAGES)
    return Engine(PODMAN, LIMITS) if works(*PODMAN, "version") else None


def may_install() -> bool:
    """Whether we are root on a Debian, or one of its children."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> bool:
    """Debian packages, without what they recommend; whether that went well."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
        command = ["apt-get", "-qq", *words]
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def hide_hybrid_cgroups(module: str) -> None:
    """Start ourselves again where crun finds one kind of control groups.

    crun refuses machines that have both (https://github.com/containers/crun/issues/1039); in a
    mount namespace of our own the second kind is taken away, for us and nobody else. Also, all that
    we start then shares that namespace, and so sees the same mounted images.
    """
    if os.geteuid() or INSIDE in os.environ or not os.path.ismount(UNIFIED):
        return
    if not works("unshare", "--mount", "true"):
        return
    os.environ[INSIDE] = "1"
    inside = f'umount {UNIFIED}; exec "$0" "$@"'
    again = [sys.executable, "-m", module, *sys.argv[1:]]
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", inside, *again]
    os.execvp(command[0], command)  # noqa: S606  # no shell is meant to read these words
