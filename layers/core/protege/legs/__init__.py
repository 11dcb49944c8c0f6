"""Jobs, a leg at a time, whatever their kind: begun, shown, ended, announced once."""

from collections.abc import Callable

from protege.app import App
from protege.discord.reply import Reply
from protege.journal import note
from protege.legs.kinds import KINDS, Kind
from protege.legs.showing import Showing, in_its_message
from protege.text import Text
from protege.training.jobs import Job
from protege.ui.dispatch import BROKEN

MOST_FAILURES = 3
CANCELLED = Text("🛑 Job `{job}` was cancelled.", "🛑 Задание `{job}` отменено.")


def advance(app: App, space: str, id: str, left_s: Callable[[], float]) -> None:
    """Take a job further until it is over, has to wait or the time is; then another leg is asked
    for.

    `left_s`: how many seconds this process may still run. Raises whatever a step raises; the third
    time the job is announced as failed.
    """
    job = app.jobs.get(space, id)
    kind = KINDS[job.kind]
    showing = Showing(app, kind.progress, private=kind.private)
    try:
        for job in kind.advance(app, space, id):
            showing.show(job)
            if job.state == "running" and (job.wait_s or left_s() < kind.step_s):
                app.jobs.enqueue(app.jobs.save(job, leg=job.leg + 1))
                return
    except Exception:
        _failed(app, kind, job)
        raise
    _over(app, kind, app.jobs.get(space, id))


def _failed(app: App, kind: Kind, job: Job) -> None:
    job = app.jobs.save(app.jobs.get(job.space, job.id), failures=job.failures + 1)
    if job.failures >= MOST_FAILURES:
        broken = {"en": BROKEN.to("en", id=job.id), "ru": BROKEN.to("ru", id=job.id)}
        _over(app, kind, app.jobs.save(job, state="ending", error=broken))


def _over(app: App, kind: Kind, job: Job) -> None:
    if job.state == "ending":
        kind.ended(app, job)
    elif job.state == "cancelling":
        kind.drop(app, job)
        in_its_message(app, job, Reply(CANCELLED.to(job.locale, job=job.id), private=True))
    else:
        return
    outcome = "cancelled" if job.state == "cancelling" else "failed" if job.error else "done"
    app.jobs.close(job, outcome)
    note("job over", job=job.id, kind=job.kind, guild=job.space, outcome=outcome)
