"""The bot as a child process: started with the stand-in's keys, kept running, stopped."""

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from playground.discord.server import HOST, Server

COMMAND = (sys.executable, "-m", "protege.server")
START_S = 60.0
STOP_S = 40.0
"""Longer than the bot waits for its own worker, which would else outlive it and go on writing."""
PORTS = range(20_000, 32_768)
"""Below those that Linux gives away (net.ipv4.ip_local_port_range)."""
_dice = random.SystemRandom()  # tests seed the other
AGAIN_S = 1.0
"""Pause before a bot that died is started again."""


def environment(server: Server, folder: Path, port: int) -> dict[str, str]:
    """What the bot needs to take this stand-in for Discord; `folder`: where it keeps its things."""
    application = server.parts.world.application
    return {
        "DISCORD_PUBLIC_KEY": server.parts.world.public_key,
        "DISCORD_APPLICATION_ID": application["id"],
        "DISCORD_BOT_TOKEN": application["bot_token"],
        "DISCORD_API": server.api,
        "ATTACHMENT_HOSTS": server.host,
        "DATA_DIR": str(folder),
        "HOST": HOST,
        "PORT": str(port),
        **(server.voice.environment() if server.has_voice else {}),
    }


def free_port(wished: int = 0) -> int:
    """The wished port, or any other where it is taken: one that the system gives to nobody by
    itself, so that it is still free when the bot takes it."""
    while True:
        try:
            with socket.create_server((HOST, wished or _dice.choice(PORTS))) as found:
                return int(found.getsockname()[1])
        except OSError:
            wished = 0


class Bot:
    """Keeps one bot running; use as a context manager. Its output goes to ours."""

    def __init__(
        self, env: dict[str, str], command: Sequence[str] = COMMAND, again_s: float = AGAIN_S
    ) -> None:
        self._env = {**os.environ, **env}
        self._command = command
        self._again_s = again_s
        self.restarted = threading.Event()
        """Set once it had to be started again."""
        self._port = int(env["PORT"])
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def url(self) -> str:
        """Where it takes interactions."""
        return f"http://{HOST}:{self._port}/interactions"

    @property
    def pid(self) -> int:
        """Of the process that runs now; 0 before the start."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> "Bot":
        self._start()
        self._keeper.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._keeper.join()
        if self._child and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    def wait_until_up(self, timeout_s: float = START_S) -> bool:
        """Whether its port opened in time."""
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends and not self._over.is_set():
            try:
                socket.create_connection((HOST, self._port), 1.0).close()
                return True
            except OSError:
                self._over.wait(0.1)
        return False

    def _start(self) -> None:
        self._child = subprocess.Popen(self._command, env=self._env, stdin=subprocess.DEVNULL)

    def _keep(self) -> None:
        while not self._over.wait(self._again_s):
            if self._child and self._child.poll() is not None:
                print(f"The bot ended with {self._child.returncode}; starting it again.")
                self._start()
                self.restarted.set()
