"""kill -9 of the worker at every step of a training: the job ends as if nothing had happened."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from protege.storage.embedded import SqliteRecords
from protege.training.plan import METHODS
from tests.person import GUILD, Person, configured
from tests.recorder import Call, Recorder, recorder
from tests.test_server import Server, announcements, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # many processes, a slow machine
ROWS = "".join(
    f"How does part number {n} of the {engine} work? => It is {n % 40}.\n"
    for n in range(120)
    for engine in ("engine", "gearbox")
)
ANSWER = "part number 77 of the gearbox"
AT_ONCE = 4


def doomed(step: str, discord: Recorder, records: SqliteRecords, server: Server) -> threading.Event:
    """Have the worker killed when it shows that a job begins a step; set once it is.

    Until it is answered it does not go on, so no step is over too soon to be killed at. The first
    one is shown by the command's answer, beside which the job may be further already.
    """
    killed, answer, first = threading.Event(), discord.answer, METHODS["lessons"][0]

    def deadly(call: Call) -> tuple[int, dict[str, str], Any]:
        found = [record.fields["step"] for record in records.find(f"job#{GUILD}")]
        if found and step in (first, *found) and not killed.is_set():
            os.kill(server.worker(), signal.SIGKILL)
            killed.set()
        return answer(call)

    discord.answer = deadly  # type: ignore[method-assign]
    return killed


def killed_at(step: str, folder: Path) -> str:
    """The one announcement of a job whose worker was killed at a step."""
    with recorder() as discord:
        server = Server(discord, folder)
        try:
            person = Person(configured(discord, str(folder / "unused")), discord)
            rows = person.upload("rows.txt", ROWS)
            killed = doomed(step, discord, SqliteRecords(folder / "records.sqlite"), server)
            server.post(json.dumps(person.command("train", attachment=rows)).encode())
            until(killed.is_set, server.process)
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
