"""What goes wrong at a provider is explained, and can be taken up again."""

from pathlib import Path

import pytest

from playground.openai import OpenAIServer
from protege.training.jobs import Job
from protege.training.steps.follow import PATIENCE_S
from tests.methods.bot import (
    PRICED,
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
    status,
)
from tests.person import Person
from tests.recorder import Recorder


def again(person: Person) -> Job:
    """Try a failed job again."""
    person.slash("jobs", job=latest(person).id)
    [retry] = person.buttons
    assert retry["label"] == "Try again"
    person.press(retry)
    return latest(person)


def test_a_refusal_is_explained_with_the_ways_out(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    provider.faults.add("no_tuning", path="/fine_tuning/jobs", method="POST")
    asked(tuning)
    job = agree(tuning)
    assert job.state == "failed" and ordered(provider) == 0
    assert "did not work out" in tuning.sees and "lessons" in tuning.sees
    assert "closed" in tuning.sees or "not available" in tuning.sees
    assert [b["label"] for b in tuning.buttons] == ["Try again"]
    assert again(tuning).step == "follow"
    assert pass_time(tuning, clock, over).state == "done"


def test_a_training_that_fails_there_says_why_and_is_begun_anew(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    asked(tuning)
    job = agree(tuning)
    finished(provider, job)
    provider.parts.jobs.change(
        job.provider_job,
        status="failed",
        error={"code": "bad", "message": "Rows are odd.", "param": None},
    )
    failed = pass_time(tuning, clock, over)
    assert failed.state == "failed" and "Rows are odd." in tuning.sees
    second = again(tuning)
    assert second.provider_job not in ("", job.provider_job)
    assert pass_time(tuning, clock, over).state == "done"
    assert ordered(provider) == 2


@pytest.mark.parametrize("locale", ["en-US", "ru"])
def test_a_training_cancelled_at_the_provider_is_said(
    tuning: Person, clock: Clock, provider: OpenAIServer, locale: str
) -> None:
    tuning.locale = locale
    asked(tuning)
    job = agree(tuning)
    finished(provider, job)
    provider.parts.jobs.change(job.provider_job, status="cancelled")
    assert pass_time(tuning, clock, over).state == "failed"
    said = {"en-US": "cancelled at the provider", "ru": "отменили на стороне провайдера"}
    assert said[locale] in tuning.sees


def test_a_provider_that_is_away_for_hours_is_waited_for(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    asked(tuning)
    job = agree(tuning)
    provider.faults.add("error", status=503, path="/fine_tuning", count=10_000)
    for _ in range(5):
        clock.ahead += 300
        tuning.wait()
    assert latest(tuning).state == "running" and latest(tuning).failures == 0
    clock.ahead += PATIENCE_S
    tuning.wait()
    assert latest(tuning).state == "failed" and "could not be reached for six hours" in tuning.sees
    provider.faults.clear()
    assert again(tuning).provider_job == job.provider_job
    assert pass_time(tuning, clock, over).state == "done"
    assert ordered(provider) == 1


def test_a_job_that_the_provider_forgot_is_said(tuning: Person, clock: Clock) -> None:
    asked(tuning)
    job = agree(tuning)
    tuning.app.jobs.save(job, provider_job="ftjob-unknown")
    pass_time(tuning, clock, over)
    assert "does not know the training `ftjob-unknown` any more" in tuning.sees
    assert latest(tuning).step == "begin"


def test_a_budget_used_up_meanwhile_stops_the_training(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    ada = Person(bot(discord, tmp_path, provider.base_url, clock, MODEL_PRICES=PRICED), discord)
    asked(ada)
    job = agree(ada)
    finished(provider, job)
    provider.parts.jobs.change(job.provider_job, status="running")
    ada.slash("settings", budget_usd=0)
    stopped = pass_time(ada, clock, over)
    assert stopped.state == "failed" and "/settings budget_usd" in ada.sees
    assert status(provider, job) == "cancelled"
    ada.slash("settings", budget_usd=50)
    again(ada)
    assert pass_time(ada, clock, over).state == "done"
    assert latest(ada).cost["usd"] > 0
    ada.slash("settings")
    assert "$50.00 a month" in ada.sees and f"${latest(ada).cost['usd']:.2f}" in ada.sees


def test_a_cancelled_job_is_cancelled_at_the_provider_at_once(
    discord: Recorder, tmp_path: Path, clock: Clock
) -> None:
    with OpenAIServer(tmp_path / "slow", key="sk-test", seconds=60) as provider:
        ada = Person(bot(discord, tmp_path / "bot", provider.base_url, clock), discord)
        asked(ada)
        job = agree(ada)
        ada.slash("jobs", job=job.id)
        [cancel] = ada.buttons
        ada.press(cancel)
        assert latest(ada).state == "cancelled", "it does not wait for the next look"
        [made] = provider.parts.jobs.all()
        assert made["status"] == "cancelled"
        assert ada.app.models.pointer("77").version == 0


def test_a_cancel_whose_order_a_crash_kept_from_us_reaches_the_provider(
    discord: Recorder, tmp_path: Path, clock: Clock
) -> None:
    with OpenAIServer(tmp_path / "slow", key="sk-test", seconds=60) as provider:
        ada = Person(bot(discord, tmp_path / "bot", provider.base_url, clock), discord)
        asked(ada)
        job = agree(ada)
        ada.app.jobs.save(job, step="begin", provider_job="", wait_s=10)
        ada.app.jobs.save(latest(ada), scratch={"ordered": True, "tested": False})
        ada.app.jobs.cancel("77", job.id)
        ada.wait()
        [made] = provider.parts.jobs.all()
        assert (latest(ada).state, made["status"]) == ("cancelled", "cancelled")


def test_a_job_may_be_cancelled_at_every_step(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    for step in ("snapshot", "validate", "embed", "fit", "gate", "begin"):
        asked(tuning)
        answer(tuning.app, pressed(tuning, tuning.buttons[0]["custom_id"]))
        job = latest(tuning)
        steps = tuning.app.training.advance("77", job.id)
        while latest(tuning).step != step:
            next(steps)
        tuning.app.jobs.cancel("77", job.id)
        tuning.wait()
        assert latest(tuning).state == "cancelled", step
        assert list(tuning.app.files.names(f"{job.folder}drafts/")) == []
    assert ordered(provider) == 0 and tuning.app.models.pointer("77").version == 0


def test_a_provider_that_is_away_when_a_training_is_ordered_is_waited_for(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    provider.faults.add("error", status=503, path="/f", count=10_000)
    asked(tuning)
    agree(tuning)
    for _ in range(4):
        clock.ahead += 300
        tuning.wait()
    job = latest(tuning)
    assert (job.state, job.step, job.failures) == ("running", "begin", 0)
    provider.faults.clear()
    assert pass_time(tuning, clock, over).state == "done"
    assert ordered(provider) == 1


def test_a_budget_used_up_while_the_provider_is_away_stops_the_training_later(
    discord: Recorder, tmp_path: Path, clock: Clock
) -> None:
    with OpenAIServer(tmp_path / "slow", key="sk-test", seconds=60) as provider:
        ada = Person(bot(discord, tmp_path, provider.base_url, clock, MODEL_PRICES=PRICED), discord)
        asked(ada)
        job = agree(ada)
        ada.slash("settings", budget_usd=0)
        provider.faults.add("error", status=503, path="/cancel", count=10_000)
        for _ in range(4):
            clock.ahead += 300
            ada.wait()
        assert (latest(ada).state, latest(ada).failures) == ("running", 0)
        provider.faults.clear()
        assert pass_time(ada, clock, over).state == "failed"
        assert "/settings budget_usd" in ada.sees and status(provider, job) == "cancelled"


def test_a_key_that_is_taken_away_is_named_and_the_training_goes_on_once_it_is_back(
    tuning: Person, clock: Clock, provider: OpenAIServer
) -> None:
    asked(tuning)
    agree(tuning)
    config = tuning.app.config
    tuning.app.config = config._replace(openai_api_key="")
    assert pass_time(tuning, clock, over).state == "failed"
    assert "OPENAI_API_KEY is not set" in tuning.sees
    tuning.app.config = config
    again(tuning)
    assert pass_time(tuning, clock, over).state == "done" and ordered(provider) == 1


def test_a_job_is_cancelled_even_where_the_provider_is_not_set_up_any_more(tuning: Person) -> None:
    asked(tuning)
    job = agree(tuning)
    tuning.app.config = tuning.app.config._replace(openai_api_key="")
    tuning.app.jobs.cancel("77", job.id)
    assert tuning.wait() == [] and latest(tuning).state == "cancelled"
