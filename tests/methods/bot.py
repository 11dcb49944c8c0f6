"""What the tests of methods do: let time pass, train, agree."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from playground.openai import OpenAIServer
from protege.app import App
from protege.storage import Delivery
from protege.training.jobs import Job
from protege.worker import work
from tests.hashing import Hashing
from tests.person import Person, configured
from tests.recorder import Recorder
from tests.test_pieces import Mortal

BASE = "gpt-4.1-mini-2025-04-14"
PRICED = json.dumps({BASE: {"in": 0.4, "out": 1.6, "training": 1000.0}})
"""A thousand dollars a million: so that small tests cost something."""
PARTS = ("engine", "gearbox", "brake", "wheel", "mirror", "lamp", "seat", "door", "horn", "belt")
ROWS = "".join(
    f"Where can I buy a new {part} {how}? => The {part} is on shelf {number}.\n"
    for number, part in enumerate(PARTS)
    for how in ("today", "for an old car", "with a warranty", "at a good price")
)
PATIENCE_S = 240


class Clock:
    """Time that a test may let pass."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def bot(
    discord: Recorder,
    folder: Path,
    base_url: str,
    clock: Clock,
    life: Iterable[int] | None = None,
    **more: str,
) -> App:
    """A bot in a new process, on a clock of the test's. `life`: it ends after so many writes."""
    env = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "sk-test", "FINE_TUNING_MODEL": BASE}
    app = configured(discord, str(folder), **{**env, **more})
    app._loaded_embedder = Hashing()
    app.queue._now = clock  # type: ignore[attr-defined]
    if life is not None:
        lives = iter(life)
        app.files, app.records = Mortal(app.files, lives), Mortal(app.records, lives)
        app.queue = Mortal(app.queue, lives)
    app.jobs._now = clock
    app.training._workshop = app.training._workshop._replace(now=clock)
    return app


def latest(person: Person) -> Job:
    """The guild's newest job."""
    [job] = person.app.jobs.latest("77", 1)
    return job


def asked(person: Person, method: str = "sft", rows: str = ROWS, **options: Any) -> Job:
    """A job that waits for consent."""
    person.slash("train", attachment=person.upload("rows.txt", rows), method=method, **options)
    return latest(person)


def agree(person: Person) -> Job:
    """Press Begin; the bot's own part of the work is done, what has to wait is not."""
    begin, _ = person.buttons
    person.press(begin)
    return latest(person)


def pass_time(person: Person, clock: Clock, until: Callable[[Job], bool]) -> Job:
    """Let minutes pass, and the worker work, until the job is so far."""
    ends = time.monotonic() + PATIENCE_S
    while not until(latest(person)):
        assert time.monotonic() < ends, latest(person)
        clock.ahead += 300
        person.wait()
    return latest(person)


def over(job: Job) -> bool:
    """Whether nothing more comes of it."""
    return not job.running


def ordered(provider: OpenAIServer) -> int:
    """How many trainings the provider has begun."""
    return len(provider.parts.jobs.all())  # the journal forgets


def status(provider: OpenAIServer, job: Job) -> str:
    """How the provider says that its part of a job stands."""
    found = provider.parts.jobs.get(job.provider_job)
    return str(found["status"]) if found else ""


def finished(provider: OpenAIServer, job: Job) -> None:
    """Wait until the provider is done, which we have not looked at yet."""
    ends = time.monotonic() + PATIENCE_S
    while status(provider, job) != "succeeded":
        assert time.monotonic() < ends, status(provider, job)
        provider.faults.over.wait(0.05)


def answer(app: App, payload: dict[str, Any]) -> None:
    """The worker's half of an interaction alone: what it puts into the queue stays there."""
    assert work(app, [Delivery(f"m{payload['id']}", json.dumps(payload), "", 1)]) == []


def pressed(person: Person, custom_id: str) -> dict[str, Any]:
    """The payload of a button."""
    payload = person.payload(3, {"custom_id": custom_id, "component_type": 2})
    payload["message"] = {"id": "500", "content": "", "author": {"id": "1"}}
    return payload
