"""A provider's training, followed to its end whatever comes between."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from playground.openai import OpenAIServer
from protege.storage import Delivery
from protege.worker import work
from tests.copies import copied
from tests.methods.bot import (
    BASE,
    Clock,
    agree,
    answer,
    asked,
    bot,
    finished,
    latest,
    ordered,
    over,
    pass_time,
    pressed,
)
from tests.person import Person
from tests.recorder import Recorder
from tests.test_pieces import Killed

PAIRS = "question,answer,bad\n" + "".join(
    f"Where is the {part} number {n}?,It is in hall {n}.,I do not know.\n"
    for n in range(5)
    for part in ("engine", "brake", "lamp", "door")
)


def test_the_model_that_a_provider_made_is_what_answers(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    app = bot(discord, tmp_path / "bot", provider.base_url, clock, PROVIDER="openai")
    ada = Person(app, discord)
    asked(ada)
    assert agree(ada).step == "follow"
    job = pass_time(ada, clock, over)
    assert job.state == "done", job.error
    chat = app.models.manifest("77", 1)["chat"]
    assert chat["provider"] == "openai" and chat["model"].startswith(f"ft:{BASE}")
    assert job.points and job.cost["tokens"] > 0 and job.cost["usd"] is None
    assert ordered(provider) == 1
    told = discord.calls[-1]
    assert "**v1**" in ada.sees and chat["model"] in told.body["embeds"][0]["description"]
    assert told.files["training.png"].startswith(b"\x89PNG")
    ada.slash("ask", question="Where can I buy a new horn today?")
    assert provider.journal.calls("/responses")[-1].model == chat["model"]
    assert app.spending.month("77").unpriced_tokens >= job.cost["tokens"]


def test_preferences_are_what_the_provider_is_given(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    tuning.slash("train", attachment=tuning.upload("a.csv", PAIRS), method="preference")
    agree(tuning)
    assert pass_time(tuning, clock, over).state == "done"
    [made] = provider.parts.jobs.all()
    assert made["method"]["type"] == "dpo"


def test_how_far_it_is_shows_in_jobs(tuning: Person) -> None:
    asked(tuning)
    job = agree(tuning)
    tuning.slash("jobs", job=job.id)
    assert "training (sft): running — the provider trains its model" in tuning.sees
    assert job.provider_job in tuning.sees


@pytest.mark.real
def test_a_killed_worker_never_has_a_second_training_begun(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    died = True
    for deaths in itertools.count():
        person = _at_begin(discord, tmp_path / str(deaths), provider, clock)
        before = ordered(provider)
        died = _dies(person, tmp_path / str(deaths), provider, clock, deaths)
        job = pass_time(person, clock, over)
        assert (job.state, ordered(provider) - before) == ("done", 1), deaths
        if not died:
            break
    assert deaths > 5, "it writes that often"


def _at_begin(discord: Recorder, folder: Path, provider: OpenAIServer, clock: Clock) -> Person:
    """A job that is about to order; its leg is in the queue."""
    person = Person(bot(discord, folder, provider.base_url, clock), discord)
    asked(person)
    answer(person.app, pressed(person, person.buttons[0]["custom_id"]))
    for job in person.app.training.advance("77", latest(person).id):
        if job.step == "begin":
            break
    return person


def _dies(person: Person, folder: Path, provider: OpenAIServer, clock: Clock, deaths: int) -> bool:
    """Whether a worker that may write so many times is killed before its leg is over."""
    mortal = bot(person.discord, folder, provider.base_url, clock, range(deaths))
    delivery = person.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    try:
        assert work(mortal, [delivery]) == []
    except Killed:
        person.app.queue.release(delivery.receipt)
        return True
    person.app.queue.done(delivery.receipt)
    return False


def test_every_message_delivered_twice_orders_once_and_announces_once(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    asked(tuning)
    answer(tuning.app, pressed(tuning, tuning.buttons[0]["custom_id"]))
    while latest(tuning).running:
        clock.ahead += 300
        delivery = tuning.app.queue.receive(wait_s=1, lease_s=60)
        if delivery:
            assert work(tuning.app, [delivery, delivery._replace(id="again")]) == []
            tuning.app.queue.done(delivery.receipt)
    assert latest(tuning).state == "done" and ordered(provider) == 1
    assert len(tuning.discord.contents("POST", "/channels/")) == 1


def test_a_look_out_of_turn_is_harmless(tuning: Person, clock: Clock) -> None:
    asked(tuning)
    job = agree(tuning)
    assert job.wait_s and not tuning.app.queue.receive(wait_s=0, lease_s=60)
    tuning.app.jobs.enqueue(job._replace(wait_s=0))
    tuning.wait()
    pass_time(tuning, clock, over)
    assert len(tuning.discord.contents("POST", "/channels/")) == 1


def test_the_last_look_waits_long_and_the_first_not(tuning: Person, clock: Clock) -> None:
    asked(tuning)
    waits = [agree(tuning).wait_s]
    tuning.app.training._workshop = tuning.app.training._workshop._replace(
        tuner=lambda name: _Endless()  # type: ignore[arg-type,return-value]
    )
    for _ in range(10):
        clock.ahead += 300
        tuning.wait()
        waits.append(latest(tuning).wait_s)
    assert waits == sorted(waits) and waits[0] == 10 and waits[-1] == 300


class _Endless:
    """A provider whose training never ends."""

    provider, base = "openai", BASE

    def look(self, job: str) -> Any:
        from protege.providers.tuning import Progress

        return Progress("running", share=0.5)


def test_a_delivery_of_an_unknown_leg_does_no_work(tuning: Person, provider: OpenAIServer) -> None:
    job = asked(tuning)
    body = f'{{"job": "{job.id}", "space": "77", "leg": 0}}'
    assert work(tuning.app, [Delivery("x", body, "", 1)]) == []
    assert latest(tuning).state == "asking" and ordered(provider) == 0


@pytest.mark.real
def test_a_worker_killed_when_the_model_is_there_pays_and_announces_once(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    first = Person(bot(discord, tmp_path / "first", provider.base_url, clock), discord)
    asked(first)
    job = agree(first)
    finished(provider, job)
    clock.ahead += 60
    for deaths in range(8):
        copied(tmp_path / "first", tmp_path / str(deaths))
        person = Person(bot(discord, tmp_path / str(deaths), provider.base_url, clock), discord)
        assert _dies(person, tmp_path / str(deaths), provider, clock, deaths)
        job = pass_time(person, clock, over)
        assert (job.state, job.version) == ("done", 1), deaths
        spent = [r for r in person.app.records.find("spent#77") if "/training/" in r.id]
        assert sum(r.fields["tokens_in"] for r in spent) == job.cost["tokens"] > 0
