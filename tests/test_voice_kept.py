"""`VOICE=always` on one machine: the server keeps a voice worker that ends with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lives import Desk, died, program_in
from tests.person import APPLICATION, KEY
from tests.recorder import Recorder

pytestmark = pytest.mark.real
LOOP = (sys.executable, "-m", "protege.server.loop")


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    yield found
    found.close()


def env(discord: Recorder, folder: Path, desk: Desk, voice: str) -> dict[str, str]:
    return {
        **os.environ,
        "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
        "DISCORD_APPLICATION_ID": APPLICATION,
        "DISCORD_BOT_TOKEN": "bot-token",
        "DISCORD_API": discord.url,
        "DATA_DIR": str(folder / "data"),
        "VOICE": voice,
        "VOICE_COMMAND": program_in(folder),
        "TALK": str(desk.port),
    }


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_voice_worker_lives_and_dies_with_the_server(
    discord: Recorder, tmp_path: Path, desk: Desk, how: signal.Signals
) -> None:
    with subprocess.Popen(LOOP, env=env(discord, tmp_path, desk, "always")) as loop:
        _, call = desk.born()
        assert desk.nobody_else()
        loop.send_signal(how)
        loop.wait(60)
        assert died(call)
