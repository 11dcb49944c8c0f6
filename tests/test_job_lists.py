"""/jobs: seen, cancelled, tried again."""

import json

from protege.errors import Unavailable
from protege.storage import Delivery
from protege.worker import work
from tests.person import Person
from tests.test_jobs import started


def test_no_jobs_yet_is_said(ada: Person) -> None:
    ada.slash("jobs")
    assert ada.sees == "No jobs here yet."


def test_jobs_are_listed_with_what_they_work_on(ada: Person) -> None:
    ada.slash("train", attachment=ada.upload("faq.txt", "Where is the exit? => Behind you."))
    ada.slash("jobs")
    assert "training: done · faq.txt" in ada.sees
    ada.locale = "ru"
    ada.slash("jobs")
    assert "обучение: готово" in ada.sees


def test_one_job_is_shown_whole_and_offered_while_typing(ada: Person) -> None:
    ada.slash("train", data="Where is the exit? => Behind you.")
    [suggested] = ada.suggestions("jobs", "job", "train")
    ada.slash("jobs", job=suggested["value"])
    assert "version **v1**" in ada.sees and f"<@{ada.user}>" in ada.sees
    assert ada.discord.calls[-1].body["components"] == []


def test_an_unknown_job_is_explained(ada: Person) -> None:
    for id in ("nope", " ", "\x01"):
        ada.slash("jobs", job=id)
        assert "There is no job" in ada.sees


def test_a_running_job_is_cancelled_and_changes_nothing(ada: Person) -> None:
    job, delivery = started(ada)
    work(ada.app, [Delivery("m1", json.dumps(ada.command("jobs", job=job.id)), "", 1)])
    [cancel] = ada.buttons
    assert cancel["label"] == "Cancel"
    work(ada.app, [Delivery("m2", json.dumps(pressed(ada, cancel)), "", 1)])
    assert "ends at its next step" in ada.sees
    assert work(ada.app, [delivery]) == []
    assert ada.app.jobs.get("77", job.id).state == "cancelled"
    assert ada.app.models.pointer("77").version == 0
    ada.press(cancel)
    assert "over already: cancelled" in ada.sees


def test_a_failed_job_is_tried_again_where_it_stopped(ada: Person) -> None:
    job, delivery = started(ada)
    rows = ada.app.files.read(f"{job.folder}rows.jsonl")
    ada.app.files.delete(f"{job.folder}rows.jsonl")
    for receives in (1, 2, 3):
        work(ada.app, [delivery._replace(receives=receives)])
    ada.app.files.write(f"{job.folder}rows.jsonl", rows)
    ada.slash("jobs", job=job.id)
    [again] = ada.buttons
    ada.press(again)
    ada.wait()
    assert ada.app.jobs.get("77", job.id).state == "done"
    assert ada.app.models.pointer("77").version == 1


def pressed(ada: Person, button: dict[str, object]) -> dict[str, object]:
    payload = ada.payload(3, {"custom_id": button["custom_id"], "component_type": 2})
    payload["message"] = {"id": "500", "content": "", "author": {"id": "1"}}
    return payload


def test_what_runs_shows_how_far_it_is(ada: Person) -> None:
    job, _ = started(ada)
    steps = ada.app.training.advance("77", job.id)
    while ada.app.jobs.get("77", job.id).step != "fit":
        next(steps)
    work(ada.app, [Delivery("m1", json.dumps(ada.command("jobs")), "", 1)])
    assert "training: running — learning, 6" in ada.sees
    ada.locale = "ru"
    work(ada.app, [Delivery("m2", json.dumps(ada.command("jobs")), "", 1)])
    assert "обучение: выполняется — обучаюсь, 6" in ada.sees
    [offered] = ada.suggestions("jobs", "job", "wifi")
    assert "обучение · выполняется" in offered["name"]


def test_a_retry_pressed_twice_goes_on_once(ada: Person) -> None:
    job, delivery = started(ada)
    ada.app.queue.done(delivery.receipt)
    ada.app.jobs.save(job, state="failed")
    payload = pressed(ada, {"custom_id": f"retry_job:{job.id}"})
    work(ada.app, [Delivery("m1", json.dumps(payload), "", 1)])
    work(ada.app, [Delivery("m2", json.dumps({**payload, "id": "777"}), "", 1)])
    assert "has not failed: running" in ada.sees
    ada.wait()
    assert len(ada.discord.contents("POST", "/channels/")) == 1


def test_a_crash_before_the_next_leg_is_asked_for_loses_no_retry(ada: Person) -> None:
    job, delivery = started(ada)
    ada.app.queue.done(delivery.receipt)
    ada.app.jobs.close(job, "failed")
    queue, ada.app.jobs._queue = ada.app.jobs._queue, Full()  # type: ignore[assignment]
    button: dict[str, object] = {"custom_id": f"retry_job:{job.id}"}
    retry = pressed(ada, button)
    assert work(ada.app, [Delivery("m1", json.dumps(retry), "", 1)]) == ["m1"]
    ada.app.jobs._queue = queue
    assert work(ada.app, [Delivery("m1", json.dumps(retry), "", 2)]) == []
    assert "goes on where it stopped" in ada.sees
    assert ada.wait() == [] and "**v1**" in ada.sees
    ada.press(button)
    assert "has not failed: done" in ada.sees


class Full:
    """A queue that takes nothing."""

    def put(self, body: str, delay_s: int = 0) -> None:
        """It cannot."""
        raise Unavailable("the queue is full")
