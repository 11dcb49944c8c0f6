"""The step that asks the new version, and the active one, what neither has seen."""

import json
from typing import Any

from protege.errors import Missing
from protege.learning.evaluation import Asked, ask, compared, right, summary
from protege.learning.exams import Candidate, Exam, candidate, exam
from protege.learning.model import Model
from protege.models import OtherEmbedder, Unreadable
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.desks import Desk
from protege.training.steps.workshop import Workshop

PIECE = 50
"""Questions asked at once: some seconds where 100,000 lessons are known."""
UNCOMPARED: dict[str, Any] = {}


def evaluate(shop: Workshop, job: Job) -> Job:
    """Ask the next questions of both; after the last, sum up.

    The report gains `evaluation` of the new version, and what `evaluation.compared` says of it and
    the active one: `compared`, with that one's number (`with`) and own `evaluation`; empty where
    there is none, or another embedder made it.
    """
    desk = shop.desks.of(job)
    model = drafts.model(desk, shop.embedder())
    asking = desk.keep("exam", lambda: exam(drafts.columns(desk), variants=True))
    piece = asking._replace(rows=asking.rows[job.done : job.done + PIECE])
    for name, asked in _candidates(shop, job, desk, model, asking).items():
        found = ask(asked, model, piece, shop.embedder()) if len(piece.rows) else []
        body = {"threshold": asked.threshold, "asked": found}
        desk.write(f"asked-{name}-{job.done:04d}.json", json.dumps(body).encode())
    done = min(job.done + PIECE, len(asking.rows))
    if done < len(asking.rows):
        return shop.jobs.save(job, done=done, total=len(asking.rows))
    report = {**job.report, **_report(desk, job, asking)}
    return shop.jobs.save(job, step=next_step(job), done=0, total=0, scratch={}, report=report)


def _candidates(
    shop: Workshop, job: Job, desk: Desk, model: Model, asking: Exam
) -> dict[str, Candidate]:
    found = {"new": desk.keep("new", lambda: candidate(model, asking.method))}
    old = desk.keep("old", lambda: _old(shop, job, asking))
    return {**found, "old": old} if old else found


def _old(shop: Workshop, job: Job, asking: Exam) -> Candidate | None:
    if not job.parent:
        return None
    try:
        return candidate(shop.models.load(job.space, job.parent), asking.method)
    except (OtherEmbedder, Unreadable, Missing):
        return None


def _report(desk: Desk, job: Job, asking: Exam) -> dict[str, Any]:
    new_limit, new = _asked(desk, "new")
    old_limit, old = _asked(desk, "old")
    report: dict[str, Any] = {"evaluation": summary(asking.method, new_limit, new)}
    if not old:
        return {**report, "compared": UNCOMPARED}
    both = compared(right(new, new_limit), right(old, old_limit))
    former = summary(asking.method, old_limit, old)
    return {**report, "compared": {"with": job.parent, **both, "evaluation": former}}


def _asked(desk: Desk, name: str) -> tuple[float, list[Asked]]:
    found: list[Asked] = []
    limit = 0.0
    for draft in desk.names(f"asked-{name}-"):
        piece = json.loads(desk.read(draft))
        limit = piece["threshold"]
        found += [Asked(*one) for one in piece["asked"]]
    return limit, found
