"""Jobs, a leg at a time, whatever their kind: begun, shown, ended, announced once."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from protege.app import App
from protege.commands import announce, packing
from protege.commands.test import report as trials
from protege.commands.test.outcome import outcome
from protege.discord.reply import Reply
from protege.errors import Gone, Unavailable
from protege.journal import note
from protege.text import Text
from protege.training.jobs import Job
from protege.ui.dispatch import BROKEN

MOST_FAILURES = 3
SHOW_EVERY_S = 2.0
"""Discord takes some five edits of a message in five seconds."""
CANCELLED = Text("🛑 Job `{job}` was cancelled.", "🛑 Задание `{job}` отменено.")


class Kind(NamedTuple):
    """What a kind of job consists of.

    `step_s`: a step is begun only with so much time left; `progress`: the message that began the
    job; `ended`: tells the outcome; `drop`: removes what a cancelled job has stored.
    """

    advance: Callable[[App, str, str], Iterator[Job]]
    step_s: float
    progress: Callable[[Job], Reply]
    ended: Callable[[App, Job], None]
    drop: Callable[[App, Job], None]


def advance(app: App, space: str, id: str, left_s: Callable[[], float]) -> None:
    """Take a job further until it is over or the time is; then another leg is asked for.

    `left_s`: how many seconds this process may still run. Raises whatever a step raises; the third
    time the job is announced as failed.
    """
    job = app.jobs.get(space, id)
    kind, shown = KINDS[job.kind], ("", 0.0)
    try:
        for job in kind.advance(app, space, id):
            shown = _show(app, kind, job, shown)
            if job.state == "running" and left_s() < kind.step_s:
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
        private(app, job, Reply(CANCELLED.to(job.locale, job=job.id), private=True))
        kind.drop(app, job)
    else:
        return
    outcome = "cancelled" if job.state == "cancelling" else "failed" if job.error else "done"
    app.jobs.close(job, outcome)
    note("job over", job=job.id, kind=job.kind, guild=job.space, outcome=outcome)


def _show(app: App, kind: Kind, job: Job, shown: tuple[str, float]) -> tuple[str, float]:
    """Live progress in the message that began the job; a courtesy, so never a failure."""
    if job.step == shown[0] and time.monotonic() < shown[1] + SHOW_EVERY_S:
        return shown
    try:
        app.discord.edit_original(job.token, kind.progress(job).message(), early=False)
    except (Gone, Unavailable) as error:
        note("no progress shown", job=job.id, why=str(error))
    return job.step, time.monotonic()


def publicly(app: App, job: Job, reply: Reply) -> None:
    """Tell the channel; where the bot may not write there, whoever began the job."""
    try:
        app.discord.send(job.channel, reply.message(), reply.files, nonce=f"job-{job.id}")
    except Gone:
        app.discord.follow_up(job.token, reply.message(), reply.files, early=False)


def private(app: App, job: Job, reply: Reply) -> None:
    """Tell whoever began the job: in the message that began it, else in their private chat."""
    attachments = [{"id": str(n), "filename": file.name} for n, file in enumerate(reply.files)]
    message = {**reply.message(), "attachments": attachments}
    try:
        app.discord.edit_original(job.token, message, reply.files, early=False)
    except Gone:
        chat = app.discord.private_channel(job.author)
        app.discord.send(chat, reply.message(), reply.files, nonce=f"job-{job.id}")


def _trained(app: App, job: Job) -> None:
    publicly(app, job, announce.finished(job))


def _packed(app: App, job: Job) -> None:
    """Hand the archive over; a link or file is for nobody else, so the channel never sees it."""
    if job.error:
        private(app, job, packing.failed(job))
        return
    report = job.report
    given = app.sharing.give(report["key"], report["name"], report["limit"])
    try:
        private(app, job, packing.finished(job, given))
    except Gone:
        publicly(app, job, packing.waiting(job))
    app.archives.tidy(job)


def _tested(app: App, job: Job) -> None:
    """Report in the channel; where the bot may not write there, to whoever began the test."""
    publicly(app, job, outcome(app, job))
    if not job.error:
        app.tests.tidy(job)


KINDS = {
    "train": Kind(
        advance=lambda app, space, id: app.training.advance(space, id),
        step_s=30.0,
        progress=announce.progress,
        ended=_trained,
        drop=lambda app, job: app.training.drop(job),
    ),
    "archive": Kind(
        advance=lambda app, space, id: app.archives.advance(space, id),
        step_s=15.0,
        progress=packing.progress,
        ended=_packed,
        drop=lambda app, job: app.archives.drop(job),
    ),
    "test": Kind(
        advance=lambda app, space, id: app.tests.advance(space, id),
        step_s=20.0,
        progress=trials.progress,
        ended=_tested,
        drop=lambda app, job: app.tests.drop(job),
    ),
}
