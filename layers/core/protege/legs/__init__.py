"""Jobs, a leg at a time, whatever their kind: begun, shown, ended, announced once."""

import time
from collections.abc import Callable, Iterable, Iterator

from protege.app import App
from protege.discord.reply import Reply
from protege.discord.rest import Refused
from protege.errors import Gone, Unavailable
from protege.journal import note, trouble
from protege.legs.kinds import KINDS, Kind
from protege.legs.showing import Showing, in_its_message
from protege.text import Text
from protege.training.jobs import Job
from protege.ui.dispatch import BROKEN

MOST_FAILURES = 3
DOWN = Text(
    "A service that I depend on has not answered several times. What is done is kept: “Try again” "
    "goes on from there. Reference: `{id}`",
    "Служба, от которой я завишу, несколько раз не ответила. Сделанное сохранено: «Повторить» "
    "продолжит с этого места. Номер ошибки: `{id}`",
)
CANCELLED = Text("🛑 Job `{job}` was cancelled.", "🛑 Задание `{job}` отменено.")


def advance(app: App, space: str, id: str, left_s: Callable[[], float]) -> None:
    """Take a job further until it is over, has to wait or the time is; then another leg is asked
    for.

    `left_s`: how many seconds this process may still run. Raises whatever a step raises; the third
    time the job is announced as failed.
    """
    job = app.jobs.get(space, id)
    if not job.running:  # a letter that was put back: people begin a failed job anew themselves
        note("job not running", job=id, state=job.state)
        return
    if job.kind not in KINDS:  # the watcher asks again and again, until that code is back
        note("job of newer code", job=id, kind=job.kind)
        return
    kind, before = KINDS[job.kind], job
    showing = Showing(app, kind.progress, private=kind.private)
    try:
        for job in _steps(kind.advance(app, space, id), before):
            showing.show(job)
            if job.state == "running" and (job.wait_s or left_s() < kind.step_s):
                app.jobs.enqueue(app.jobs.save(job, leg=job.leg + 1))
                return
    except Exception as error:
        _failed(app, kind, job, DOWN if isinstance(error, Unavailable) else BROKEN)
        raise
    _over(app, kind, app.jobs.get(space, id))


def give_up(app: App, space: str, id: str) -> None:
    """End a job over which workers die, and announce it. Raises Missing, and as telling does."""
    job = app.jobs.get(space, id)
    if job.running and job.kind in KINDS:
        _fail(app, KINDS[job.kind], job, BROKEN)


def watched(app: App) -> None:
    """Have the watcher look after jobs; that it cannot must not keep them."""
    try:
        app.alarm.set()
    except Unavailable as error:
        trouble("alarm", error)


def _steps(jobs: Iterable[Job], before: Job) -> Iterator[Job]:
    """The same, with a line in the log at each new step: where a job was when it was cut off."""
    began, leg = time.monotonic(), before.leg
    for job in jobs:
        if (job.step, job.state) != (before.step, before.state):
            ms = round((time.monotonic() - began) * 1000)
            note("step", job=job.id, kind=job.kind, step=job.step, state=job.state, leg=leg, ms=ms)
            before = job
        yield job


def _failed(app: App, kind: Kind, job: Job, why: Text) -> None:
    job = app.jobs.save(app.jobs.get(job.space, job.id), failures=job.failures + 1)
    if job.failures >= MOST_FAILURES:
        _fail(app, kind, job, why)


def _fail(app: App, kind: Kind, job: Job, why: Text) -> None:
    """What is only to be announced any more has not failed, however often that did."""
    if job.state == "running":
        said = {locale: why.to(locale, id=job.id) for locale in Text._fields}
        job = app.jobs.save(job, state="ending", error=said)
    _over(app, kind, job)


def _over(app: App, kind: Kind, job: Job) -> None:
    if job.state not in ("ending", "cancelling"):
        return
    if job.state == "cancelling":
        kind.drop(app, job)
    try:
        _told(app, kind, job)
    except (Gone, Refused) as error:  # another try would not reach anybody; `/jobs` still tells
        note("nobody told", job=job.id, why=str(error))
    outcome = "cancelled" if job.state == "cancelling" else "failed" if job.error else "done"
    app.jobs.close(job, outcome)
    note("job over", job=job.id, kind=job.kind, guild=job.space, outcome=outcome)


def _told(app: App, kind: Kind, job: Job) -> None:
    if job.state == "ending":
        kind.ended(app, job)
    else:
        in_its_message(app, job, Reply(CANCELLED.to(job.locale, job=job.id), private=True))
