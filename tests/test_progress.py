"""A job's progress: in the message that began it while it can be, then in the channel."""

import time

import pytest

from protege.app import App
from protege.commands.announce.progress import STEPS, WEIGHTS, progress, share
from protege.discord.delivery import TOKEN_S
from protege.server.loop import LEG_S
from protege.training.jobs import Job
from protege.training.plan import METHODS, steps_of
from protege.worker import LEASE_S
from tests.person import Person

DATA = "What is the wifi password? => Ask at the bar."
JOB = Job("j1", "77", "42", "88", "900", "token", "en-US", "Job `j1`.")


def late(app: App) -> None:
    """The token of what is asked now has run out when the worker comes to it."""
    app.now = lambda: time.time() + TOKEN_S + 60
    app.config = app.config._replace(signature_max_age_s=0)


def live(person: Person, method: str) -> list[str]:
    """Paths of the calls that showed progress."""
    calls = [c for c in person.discord.calls if c.method == method]
    return [c.path for c in calls if "░" in str(c.body) or "█" in str(c.body)]


def test_an_old_token_leaves_progress_to_a_message_of_the_bot(ada: Person, app: App) -> None:
    late(app)
    ada.slash("train", data=DATA)
    assert live(ada, "POST") == ["/channels/88/messages"], "one message, then it is edited"
    shown = app.jobs.latest("77", 1)
    message = next(iter(shown)).message
    assert message
    assert set(live(ada, "PATCH")) == {f"/channels/88/messages/{message}"}
    assert "**v1**" in ada.sees


def test_where_the_bot_may_not_write_it_is_silent_until_the_end(ada: Person, app: App) -> None:
    late(app)
    ada.hand_in(ada.command("train", data=DATA))
    ada.discord.answers += [(200, {}, {"id": "1"}), (403, {}, {"code": 50001})]
    ada.wait()
    assert len(live(ada, "POST")) == 1 and live(ada, "PATCH") == []
    assert "**v1**" in ada.sees


def test_a_deleted_message_is_replaced_by_another(ada: Person, app: App) -> None:
    late(app)
    ada.hand_in(ada.command("train", data=DATA))
    ada.discord.answers += [(200, {}, {"id": n}) for n in "12"] + [(404, {}, {"code": 10008})]
    ada.wait()
    assert len(live(ada, "POST")) == 2
    assert "**v1**" in ada.sees


def test_a_running_job_can_be_cancelled_where_its_progress_shows(ada: Person) -> None:
    ada.slash("train", data=DATA)
    shown = [c.body for c in ada.discord.calls if "░" in str(c.body)]
    [button] = shown[0]["components"][0]["components"]
    assert button["label"] == "Cancel"
    ada.press(button)
    assert "over already: done" in ada.sees


@pytest.mark.parametrize("method", METHODS)
def test_a_method_never_goes_backwards(method: str) -> None:
    job = JOB._replace(method=method)
    shares = [
        share(job._replace(step=step, done=done, total=10))
        for step in steps_of(job)
        for done in (0, 5, 10)
    ]
    assert shares == sorted(shares) and shares[0] == 0.0 and share(job._replace(step="done")) == 1.0
    assert all(step in WEIGHTS and step in STEPS for step in steps_of(job))


def test_when_it_may_be_over_is_said_once_it_can_be_told() -> None:
    job = JOB._replace(method="sft", step="follow", total=10, started_at=1000.0)
    early = progress(job._replace(touched_at=1005.0))
    assert "ready about" not in early.content
    half = job._replace(done=5, touched_at=1600.0)
    at = int(progress(half).content.partition("<t:")[2].partition(":")[0])
    assert 2000 < at < 2400
    queued = progress(half._replace(scratch={"state": "waiting"}, locale="ru"))
    assert "ждёт там своей очереди" in queued.content


def test_a_long_report_leaves_room_for_the_bar() -> None:
    said = progress(JOB._replace(intro="A line of the report.\n" * 150, step="embed"))
    assert len(said.content) <= 2000 and "░" in said.content


def test_a_claim_outlasts_the_longest_leg() -> None:
    assert LEASE_S > LEG_S, "else a second worker takes the job from one that still works"
