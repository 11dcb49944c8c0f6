"""A provider is asked to train on the lessons, apart from those that are held out."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from protege.chat import in_force
from protege.config import ConfigError
from protege.datasets.rows import Row
from protege.errors import Unavailable, UserError
from protege.journal import note
from protege.providers.tuning import Order, Tuner
from protege.training.job import Job
from protege.training.orders import KINDS, lines
from protege.training.plan import TUNED_BY, VOTED, next_step
from protege.training.steps.drafts import lessons
from protege.training.steps.follow import FIRST_WAIT_S, out_of_reach
from protege.training.steps.workshop import Workshop

MOST_NAMED = 200
"""Duels whose ids go on record: a manifest is small."""


def begin(shop: Workshop, job: Job) -> Job:
    """Begin the provider's job, unless there is one: then it is followed, never paid for twice.

    Raises UserError where the budget or the provider forbids it.
    """
    if job.provider_job:
        return shop.jobs.save(job, step=next_step(job))
    job = shop.jobs.save(job, scratch=_checked(shop, job), report=_with_votes(shop, job))
    if job.state != "running":
        return job
    tuner = shop.tuner(TUNED_BY[job.method])
    try:
        found = tuner.begin(_order(shop, job, tuner))
    except Unavailable:
        return out_of_reach(shop, job)
    shop.jobs.link(job, found)
    scratch, step = {"since": shop.now()}, next_step(job)
    return shop.jobs.save(
        job, step=step, provider_job=found, points=[], scratch=scratch, wait_s=FIRST_WAIT_S
    )


def _checked(shop: Workshop, job: Job) -> dict[str, Any]:
    """That it is about to be ordered, and whether there are rows enough to test with."""
    kind = KINDS[job.method]
    rows, held = (sum(1 for _ in _lines(shop, job, held)) for held in (False, True))
    kind.check(rows, held)
    cost = job.estimate.get("usd") or 0.0, job.estimate.get("tokens") or 0
    shop.spending.check(job.space, *cost)
    return {**job.scratch, "ordered": True, "tested": held >= kind.least}


def _with_votes(shop: Workshop, job: Job) -> dict[str, Any]:
    """The report with the duels that are learnt from: their number, and the first of them."""
    duels = [row.file for row in _voted(shop, job)]
    report = {name: found for name, found in job.report.items() if name != "voted"}
    voted = {"pairs": len(duels), "duels": duels[:MOST_NAMED]}
    return {**report, "voted": voted} if duels else report


def call_off(shop: Workshop, job: Job) -> None:
    """End the provider's part of a cancelled job, also one that a crash kept from our record:
    ordering it once more tells its id. Raises Unavailable.
    """
    if job.method not in TUNED_BY or not (job.provider_job or job.scratch.get("ordered")):
        return
    tuner = shop.tuner(TUNED_BY[job.method])
    try:
        tuner.cancel(job.provider_job or tuner.begin(_order(shop, job, tuner)))
    except (
        UserError,
        ConfigError,
    ) as refused:  # nothing of it is there then, or nothing that we may touch
        note("not called off", job=job.id, why=str(refused))


def name_of(job: Job) -> str:
    """The provider's job is found again by it; another try after a failure has another name."""
    return f"protege-{job.id}-{job.report.get('tries', 0)}"


def _order(shop: Workshop, job: Job, tuner: Tuner) -> Order:
    """A file to test with has to be as long as one to train on."""
    return Order(
        name=name_of(job),
        method=KINDS[job.method].trains,
        base=tuner.base,
        training=lambda: _lines(shop, job, held=False),
        validation=(lambda: _lines(shop, job, held=True)) if job.scratch["tested"] else None,
        epochs=0,
        key=f"{job.folder}provider/",
    )


def _lines(shop: Workshop, job: Job, held: bool) -> Iterator[bytes]:
    now = in_force(shop.instructions, shop.models, job.space, job.parent)
    rows = chain(_rows(shop, job), _voted(shop, job))
    return lines(job.method, rows, held=held, instruction=now.text)


def _rows(shop: Workshop, job: Job) -> Iterator[Row]:
    """The lessons that the version will hold, as they stream by."""
    for number, lesson in enumerate(lessons(shop.desks.of(job)), 1):
        yield Row(number, lesson.input, lesson.good, lesson.bad)


def _voted(shop: Workshop, job: Job) -> Iterable[Row]:
    """They are no lessons: nobody has approved of the better answer, only of the difference."""
    return shop.voted(job.space) if job.method in VOTED else ()
