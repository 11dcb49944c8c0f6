"""kill -9 of the worker at every step of a training: the job ends as if nothing had happened."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protege.storage.embedded import SqliteRecords
from protege.training.plan import METHODS
from tests.person import GUILD, Person, configured
from tests.recorder import recorder
from tests.test_server import Server, announcements, until

pytestmark = pytest.mark.real
ROWS = "".join(
    f"How does part number {n} of the {engine} work? => It is {n % 40}.\n"
    for n in range(120)
    for engine in ("engine", "gearbox")
)
ANSWER = "part number 77 of the gearbox"
AT_ONCE = 4


class TooQuick(AssertionError):
    """The step was over before it could be killed."""


def caught_at(step: str, records: SqliteRecords, server: Server) -> None:
    """Kill the worker the moment that a job is seen to begin a step."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        for record in records.find(f"job#{GUILD}"):
            if record.fields["step"] == step:
                os.kill(server.worker(), signal.SIGKILL)
                return
            if record.fields["state"] == "done":
                raise TooQuick(step)
        time.sleep(0.001)
    raise AssertionError(f"the job never came to {step}")


def killed_at(step: str, folder: Path) -> str:
    """The one announcement of a job whose worker was killed at a step."""
    with recorder() as discord:
        server = Server(discord, folder)
        try:
            person = Person(configured(discord, str(folder / "unused")), discord)
            rows = person.upload("rows.txt", ROWS)
            server.post(json.dumps(person.command("train", attachment=rows)).encode())
            caught_at(step, SqliteRecords(folder / "records.sqlite"), server)
            until(lambda: announcements(discord), server.process)
            server.post(json.dumps(person.command("ask", question=ANSWER)).encode())
            until(lambda: "It is 37." in discord.contents()[-1], server.process)
            [announced] = announcements(discord)
            return announced
        finally:
            server.stop()


def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(tmp_path: Path) -> None:
    steps = METHODS["lessons"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folders = [tmp_path / step for step in steps]
        found = dict(zip(steps, pool.map(killed_at, steps, folders), strict=True))
    for step, announced in found.items():
        assert "**v1** knows 240 lessons" in announced, step
