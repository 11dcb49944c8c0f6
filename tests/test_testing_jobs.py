"""/test on many rows: a job that survives, and its report."""

import csv
import io
import json
from typing import Any

import pytest

from protege.app import App
from protege.storage import Delivery
from protege.testing import gathering
from protege.training.jobs import Job
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Call, Recorder
from tests.test_teaching import FAQ, jsonl, train
from tests.test_testing import CITIES, button, named, rows

MANY = [*FAQ * 4, *CITIES[:20]]
"""52 rows, of which 32 can be known; 20 go wrong."""


def begun(ada: Person, **options: Any) -> tuple[Job, Delivery]:
    """A test whose first leg is in a worker's hands."""
    ada.hand_in(ada.command("test", **options))
    first = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert first and work(ada.app, [first]) == []
    ada.app.queue.done(first.receipt)
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    [job] = (job for job in ada.app.jobs.latest("77", 1) if job.kind == "test")
    return job, delivery


def many(ada: Person) -> dict[str, Any]:
    return ada.upload("many.json", rows(MANY))


def report(ada: Person) -> Call:
    """The only message in the channel that reports a test."""
    found = [c for c in ada.discord.calls if c.path.startswith("/channels/88")]
    [last] = [c for c in found if "🧪" in c.body["content"]]
    return last


def table(call: Call) -> list[dict[str, str]]:
    body = call.files["predictions.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.fixture
def taught(ada: Person) -> Person:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    return ada


def test_many_rows_are_a_job_that_reports_in_the_channel(taught: Person, app: App) -> None:
    taught.slash("test", attachment=many(taught))
    call = report(taught)
    assert "**62 %** exactly right" in call.body["content"] and "52 rows" in call.body["content"]
    assert [row["row"] for row in table(call)] == [str(n) for n in range(1, 53)]
    assert [row["input"] for row in table(call)] == [q for q, _ in MANY]
    assert call.files["scores.png"].startswith(b"\x89PNG")
    [job] = app.jobs.latest("77", 1)
    assert (job.kind, job.state, list(app.files.names(job.folder))) == ("test", "done", [])
    taught.slash("jobs")
    assert "test: done" in taught.sees


def test_progress_is_shown_in_the_message_that_began_it(taught: Person) -> None:
    start = len(taught.discord.contents("PATCH"))
    taught.slash("test", attachment=many(taught))
    shown = taught.discord.contents("PATCH")[start:]
    assert any("of 52 rows" in text for text in shown)
    assert all(text.startswith("🧪 Test `") for text in shown)


def test_errors_of_a_job_are_paged_and_corrected(taught: Person) -> None:
    taught.slash("test", attachment=many(taught))
    seen = [b["label"] for b in named(taught, "test_correct")]
    form = taught.press(button(taught, "test_correct"))
    assert form["data"]["components"][0]["component"]["value"] == CITIES[0][1]
    while following := named(taught, "test_errors"):
        taught.press(following[0])
        seen += [b["label"] for b in named(taught, "test_correct")]
    assert seen == [str(n) for n in range(33, 53)], "each once, in order"


def test_whenever_a_worker_is_killed_the_next_goes_on_without_doubling(
    taught: Person, discord: Recorder, app: App
) -> None:
    job, delivery = begun(taught, attachment=many(taught))
    for killed_after in (1, 1, 2):
        again = configured(discord, app.config.data_dir)
        for _, _step in zip(range(killed_after), again.tests.advance("77", job.id)):  # noqa: B905
            pass
    assert work(configured(discord, app.config.data_dir), [delivery]) == []
    assert app.jobs.get("77", job.id).state == "done"
    assert [row["input"] for row in table(report(taught))] == [q for q, _ in MANY]
    assert "52 rows" in report(taught).body["content"]


def test_a_kill_between_the_rows_and_the_record_counts_them_once(taught: Person, app: App) -> None:
    job, delivery = begun(taught, attachment=many(taught))
    before = app.records.get("job#77", job.id)
    next(app.tests.advance("77", job.id))
    app.records.put("job#77", job.id, before.fields)
    assert work(app, [delivery]) == []
    assert "**62 %** exactly right" in report(taught).body["content"]
    assert len(table(report(taught))) == 52


def test_each_step_is_a_leg_of_its_own_where_time_is_short(taught: Person, app: App) -> None:
    _, delivery = begun(taught, attachment=many(taught))
    legs = 0
    while delivery:
        assert work(app, [delivery, delivery._replace(id="twice")], left_s=lambda: 1.0) == []
        app.queue.done(delivery.receipt)
        legs, delivery = legs + 1, app.queue.receive(wait_s=0, lease_s=60)  # type: ignore[assignment]
    assert legs >= 4 and len(table(report(taught))) == 52


def test_a_table_of_several_parts_is_whole(
    taught: Person, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PART", 500)
    job, delivery = begun(taught, attachment=many(taught))
    taken = 0
    for step in app.tests.advance("77", job.id):
        taken += step.step == "gather" and bool(step.scratch)
    assert taken > 2
    assert work(app, [delivery]) == []
    assert [row["row"] for row in table(report(taught))] == [str(n) for n in range(1, 53)]


def test_an_upload_of_the_table_that_ran_out_is_begun_again(taught: Person, app: App) -> None:
    job, delivery = begun(taught, attachment=many(taught))
    for step in app.tests.advance("77", job.id):
        if step.scratch:
            app.files.abandon(app.tests.store.table("77", job.id), step.scratch["upload"])
            break
    assert work(app, [delivery]) == []
    assert len(table(report(taught))) == 52


def test_a_table_too_large_for_a_message_is_handed_out_by_a_button(
    taught: Person, app: App
) -> None:
    asked = taught.command("test", attachment=many(taught)) | {"attachment_size_limit": 2000}
    taught.act(asked)
    assert "predictions.csv" not in report(taught).files
    handing = button(taught, "test_table")
    taught.press(handing)
    assert "All rows of test" in taught.sees and taught.discord.calls[-1].files
    eve = Person(app, taught.discord)
    eve.guild = "78"
    eve.press(handing)
    assert "do not know that test" in eve.sees and not eve.discord.calls[-1].files


def test_another_guild_sees_no_row_of_it(taught: Person, app: App) -> None:
    taught.slash("test", attachment=many(taught))
    errors, correct = button(taught, "test_errors"), button(taught, "test_correct")
    eve = Person(app, taught.discord)
    eve.guild = "78"
    eve.press(errors)
    assert "do not know that test" in eve.sees
    refused = eve.press(correct)
    assert refused["type"] == 4 and "do not know that message" in refused["data"]["content"]


def test_a_cancelled_test_ends_and_leaves_nothing(taught: Person, app: App) -> None:
    job, delivery = begun(taught, attachment=many(taught))
    next(app.tests.advance("77", job.id))
    taught.app.jobs.cancel("77", job.id)
    assert work(app, [delivery]) == []
    assert app.jobs.get("77", job.id).state == "cancelled"
    kept = [*app.files.names("guilds/77/tests/"), *app.files.names(job.folder)]
    assert kept == [] and list(app.records.find("running")) == []


def test_a_version_deleted_meanwhile_ends_the_test_with_what_was_tried(
    taught: Person, app: App
) -> None:
    train(taught, data="What is the wifi password? => Ask at the bar.")
    job, delivery = begun(taught, attachment=many(taught), version="v1")
    next(app.tests.advance("77", job.id))
    for key in list(app.files.names("guilds/77/models/v1/")):
        app.files.delete(key, forever=True)
    fresh = configured(taught.discord, app.config.data_dir)
    assert work(fresh, [delivery]) == []
    said = report(taught).body["content"]
    assert "16 rows" in said and "Not tried: 36 rows. There is no version v1 here." in said
    assert len(table(report(taught))) == 16
    assert app.jobs.get("77", job.id).state == "failed"


def test_a_stopped_test_is_taken_up_again_where_it_stopped(taught: Person, app: App) -> None:
    train(taught, data="What is the wifi password? => Ask at the bar.")
    job, delivery = begun(taught, attachment=many(taught), version="v1")
    next(app.tests.advance("77", job.id))
    folder = "guilds/77/models/v1/"
    bodies = {key: app.files.read(key) for key in app.files.names(folder)}
    for key in bodies:
        app.files.delete(key)
    assert work(configured(taught.discord, app.config.data_dir), [delivery]) == []
    for key, body in bodies.items():
        app.files.write(key, body)
    taught.discord.calls.clear()
    app.jobs.retry(app.jobs.get("77", job.id))
    taught.wait()
    assert "52 rows" in report(taught).body["content"] and "Not tried" not in taught.sees
    assert len(table(report(taught))) == 52


def test_a_version_that_becomes_active_meanwhile_is_told(taught: Person, app: App) -> None:
    job, delivery = begun(taught, attachment=many(taught))
    next(app.tests.advance("77", job.id))
    version = app.models.pointer("77")
    app.records.put("version#77", "00000002", {"job": "x"})
    for key in list(app.files.names("guilds/77/models/v1/")):
        app.files.copy(key, key.replace("/v1/", "/v2/"))
    app.models.activate("77", 2, version.revision)
    assert work(app, [delivery]) == []
    assert "v1, v2 answered" in report(taught).body["content"]


def test_the_report_is_of_one_message_however_long_the_rows(taught: Person) -> None:
    long = [(f"{'*' * 80} number {n}?", "_" * 90) for n in range(26)]
    upload = taught.upload("long.json", rows(long))
    taught.slash("test", attachment=upload, version="v1", against="v1")
    assert len(report(taught).body["content"]) <= 2000
    assert named(taught, "test_errors"), "what does not fit comes on the next page"


def test_thousands_of_rows_are_read_as_a_stream(taught: Person, app: App) -> None:
    lines = (json.dumps({"input": f"Question {n}?"}) for n in range(3000))
    job, _ = begun(taught, attachment=taught.upload("many.jsonl", "\n".join(lines)))
    assert job.total == 3000
    for step, _ in zip(app.tests.advance("77", job.id), range(3), strict=False):
        assert len(json.dumps(step._asdict())) < 10_000, "the record stays small"
