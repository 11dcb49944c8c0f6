"""What each kind of job consists of."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from protege.app import App
from protege.commands import packing
from protege.commands.announce.card import finished
from protege.commands.announce.progress import progress
from protege.commands.test import report as trials
from protege.commands.test.outcome import outcome
from protege.discord.reply import Reply
from protege.errors import Gone
from protege.legs.showing import private, publicly
from protege.training.jobs import Job


class Kind(NamedTuple):
    """What a kind of job consists of.

    `step_s`: a step is begun only with so much time left; `progress`: the message that began the
    job; `ended`: tells the outcome; `drop`: removes what a cancelled job has stored, and calls off
    what it has ordered; `private`: nobody else may see its progress.
    """

    advance: Callable[[App, str, str], Iterator[Job]]
    step_s: float
    progress: Callable[[Job], Reply]
    ended: Callable[[App, Job], None]
    drop: Callable[[App, Job], None]
    private: bool = False


def _trained(app: App, job: Job) -> None:
    publicly(app, job, finished(job))


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
        progress=progress,
        ended=_trained,
        drop=lambda app, job: app.training.drop(job),
    ),
    "archive": Kind(
        advance=lambda app, space, id: app.archives.advance(space, id),
        step_s=15.0,
        progress=packing.progress,
        ended=_packed,
        drop=lambda app, job: app.archives.drop(job),
        private=True,
    ),
    "test": Kind(
        advance=lambda app, space, id: app.tests.advance(space, id),
        step_s=20.0,
        progress=trials.progress,
        ended=_tested,
        drop=lambda app, job: app.tests.drop(job),
    ),
}
