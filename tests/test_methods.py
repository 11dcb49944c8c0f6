"""The ways to train that have a provider do the work, against a provider that really trains."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.openai import OpenAIServer
from protege.app import App
from protege.training.jobs import Job
from tests.person import Person, configured
from tests.recorder import Recorder

BASE = "gpt-4.1-mini-2025-04-14"
DAY_S = 24 * 3600
PARTS = ("engine", "gearbox", "brake", "wheel", "mirror", "lamp", "seat", "door", "horn", "belt")
ROWS = "".join(
    f"Where can I buy a new {part} {how}? => The {part} is on shelf {number}.\n"
    for number, part in enumerate(PARTS)
    for how in ("today", "for an old car", "with a warranty", "at a good price")
)


class Clock:
    """Time that a test may let pass."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path / "provider", key="sk-test") as server:
        yield server


def bot(discord: Recorder, folder: Path, provider: OpenAIServer, **more: str) -> App:
    """A bot that may have the provider train."""
    env = {"OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "sk-test"}
    return configured(discord, str(folder), **{**env, "FINE_TUNING_MODEL": BASE, **more})


@pytest.fixture
def clock() -> Clock:
    return Clock()


def timed(app: App, clock: Clock) -> App:
    """The same bot on a clock of the test's."""
    app.queue._now = clock  # type: ignore[attr-defined]
    app.jobs._now = clock
    return app


@pytest.fixture
def tuning(discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock) -> Person:
    return Person(timed(bot(discord, tmp_path / "bot", provider), clock), discord)


def latest(person: Person) -> Job:
    [job] = person.app.jobs.latest("77", 1)
    return job


def asked(person: Person, method: str = "sft", rows: str = ROWS, **options: Any) -> Job:
    """A job that waits for consent."""
    person.slash("train", attachment=person.upload("rows.txt", rows), method=method, **options)
    return latest(person)


def agree(person: Person) -> None:
    """Press Begin; its own part of the work is done, what waits is not."""
    begin, _ = person.buttons
    person.press(begin)


def pass_time(person: Person, clock: Clock, until: Callable[[Job], bool]) -> Job:
    """Let minutes pass, and the worker work, until the job is so far."""
    ends = time.monotonic() + 60
    while not until(latest(person)):
        assert time.monotonic() < ends, latest(person)
        clock.ahead += 300
        person.wait()
    return latest(person)


def over(job: Job) -> bool:
    return not job.running


def test_a_provider_trains_after_consent_and_its_model_is_what_answers(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    job = asked(tuning)
    assert job.state == "asking" and provider.journal.calls("fine_tuning") == []
    shown = tuning.discord.calls[-1].body["embeds"][0]["description"]
    assert "`sft`" in shown and BASE in shown and "unknown to me" in shown
    agree(tuning)
    assert latest(tuning).step == "follow"
    job = pass_time(tuning, clock, over)
    assert job.state == "done", job.error
    chat = tuning.app.models.manifest("77", 1)["chat"]
    assert chat["provider"] == "openai" and chat["model"].startswith(f"ft:{BASE}")
    assert job.points and job.cost["tokens"] > 0 and job.cost["usd"] is None
    assert "**v1**" in tuning.sees
    created = [c for c in provider.journal.calls("fine_tuning/jobs") if c.method == "POST"]
    assert len(created) == 1
