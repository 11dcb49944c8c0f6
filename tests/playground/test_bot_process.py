"""The bot as a child process."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.bot import Bot, environment, free_port
from playground.discord.server import Server

CHILD = """
import os, socket, threading
assert os.environ["DISCORD_API"].endswith("/api/v10")
open_port = socket.create_server((os.environ["HOST"], int(os.environ["PORT"])))
threading.Event().wait(60)
"""


@pytest.fixture
def child(server: Server, tmp_path: Path) -> Iterator[Bot]:
    """A child that only opens its port."""
    env = environment(server, tmp_path / "bot", free_port())
    with Bot(env, (sys.executable, "-c", CHILD), again_s=0.05) as bot:
        yield bot


def test_a_bot_that_dies_is_started_again(child: Bot) -> None:
    assert child.wait_until_up()
    first = child.pid
    os.kill(first, signal.SIGKILL)
    assert child.restarted.wait(60)
    assert child.pid != first
    assert child.wait_until_up()


def test_the_bot_ends_with_the_playground(server: Server, tmp_path: Path) -> None:
    env = environment(server, tmp_path / "bot", free_port())
    with Bot(env, (sys.executable, "-c", CHILD)) as bot:
        assert bot.wait_until_up()
        pid = bot.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_taken_port_is_avoided() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        assert free_port(busy.getsockname()[1]) != busy.getsockname()[1]
