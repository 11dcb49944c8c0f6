"""Training jobs when things go wrong."""

import json

from protege.app import App
from protege.errors import Unavailable
from protege.learning import Vectors
from protege.storage import Delivery
from protege.training.jobs import STALLED_S, Job
from protege.watcher import watch
from protege.worker import work
from tests.person import Person


def started(ada: Person) -> tuple[Job, Delivery]:
    """A job on record whose first message is in a worker's hands."""
    payload = ada.command("train", data="What is the wifi password? => Ask at the bar.")
    work(ada.app, [Delivery("m0", json.dumps(payload), "", 1)])
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    body = json.loads(delivery.body)
    return ada.app.jobs.get(body["space"], body["job"]), delivery


def test_a_job_is_started_once_however_often_it_is_asked_for(ada: Person, app: App) -> None:
    job, _ = started(ada)
    again = app.jobs.start(job, [])
    assert again == job
    assert len(list(app.records.find("job#77"))) == 1


def test_a_second_delivery_of_a_finished_leg_changes_nothing(ada: Person, app: App) -> None:
    _, delivery = started(ada)
    assert work(app, [delivery, delivery._replace(id="other"), delivery]) == []
    assert ada.discord.contents("POST", "/channels/") == [ada.sees]
    assert app.models.pointer("77").version == 1


def test_a_job_goes_on_in_a_new_leg_when_time_is_short(ada: Person, app: App) -> None:
    _, delivery = started(ada)
    legs = 0
    while delivery:
        assert work(app, [delivery], left_s=lambda: 1.0) == []
        app.queue.done(delivery.receipt)
        legs, delivery = legs + 1, app.queue.receive(wait_s=0, lease_s=60)  # type: ignore[assignment]
    assert legs == 13, "one piece a leg, the last one announces"
    assert "**v1**" in ada.sees


def test_a_job_that_keeps_failing_is_announced_as_failed(ada: Person, app: App) -> None:
    job, delivery = started(ada)
    app.files.delete(f"{job.folder}rows.jsonl")
    for receives, again in ((1, [delivery.id]), (2, [delivery.id]), (3, [])):
        assert work(app, [delivery._replace(receives=receives)]) == again
    [announced] = ada.discord.contents("POST", "/channels/")
    assert "did not work out" in announced and job.id in announced
    assert app.jobs.get("77", job.id).state == "failed"
    assert list(app.records.find("running")) == []


def test_the_watcher_wakes_a_job_whose_message_was_lost(ada: Person, app: App) -> None:
    job, delivery = started(ada)
    app.queue.done(delivery.receipt)
    assert watch(app) == 0, "it was touched a moment ago"
    app.jobs._now = lambda: job.touched_at + STALLED_S + 1
    assert watch(app) == 1
    ada.wait()
    assert "**v1**" in ada.sees
    assert watch(app) == 0


def test_two_jobs_that_end_together_both_count(ada: Person, app: App) -> None:
    first, first_delivery = started(ada)
    steps = app.training.advance("77", first.id)
    while next(steps).step != "publish":
        pass
    ada.slash("train", data="Where is the exit? => Behind you.")
    assert app.models.pointer("77").version == 1
    assert work(app, [first_delivery]) == []
    for question, answer in (("the wifi password?", "bar"), ("Where is the exit?", "Behind")):
        ada.slash("ask", question=question)
        assert answer in ada.sees


def test_an_announcement_that_may_not_be_posted_is_a_follow_up(ada: Person) -> None:
    job, delivery = started(ada)
    *_, ended = ada.app.training.advance("77", job.id)
    assert ended.state == "ending"
    ada.discord.answers += [(403, {}, {"code": 50001})]
    assert work(ada.app, [delivery]) == []
    last = ada.discord.calls[-1]
    assert last.path.startswith("/webhooks/") and "**v1**" in last.body["content"]


def test_a_job_is_over_though_nobody_can_be_told(ada: Person, app: App) -> None:
    job, delivery = started(ada)
    *_, ended = app.training.advance("77", job.id)
    assert ended.state == "ending"
    ada.discord.answers += [(403, {}, {"code": 50001}), (404, {}, {"code": 10015})]
    assert work(app, [delivery]) == []
    assert app.jobs.get("77", job.id).state == "done", "else it is begun again for ever"
    assert app.jobs.idle()


def test_a_service_that_is_down_is_called_so(ada: Person, app: App) -> None:
    job, delivery = started(ada)
    app._loaded_embedder = Down()
    for receives, again in ((1, [delivery.id]), (2, [delivery.id]), (3, [])):
        assert work(app, [delivery._replace(receives=receives)]) == again
    assert "has not answered several times" in ada.sees and job.id in ada.sees
    assert "went wrong" not in ada.sees


def test_a_question_that_a_service_is_down_for_is_told_so(ada: Person, app: App) -> None:
    app._loaded_embedder = Down()
    ada.slash("ask", question="What is the wifi password?")
    assert "does not answer right now" in ada.sees


def test_the_watcher_leaves_alone_what_was_touched_since_it_looked(ada: Person, app: App) -> None:
    job, _ = started(ada)
    ended = app.jobs.close(job, "done")
    assert app.jobs.wake(job) == ended
    assert app.jobs.get("77", job.id).state == "done"


class Down:
    """An embedder at a provider that cannot be reached."""

    id, dims = "hashing", 64

    def embed(self, texts: list[str]) -> Vectors:
        """It does not."""
        raise Unavailable("no embeddings")
