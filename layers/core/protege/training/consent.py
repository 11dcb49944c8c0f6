"""What one press does to a job, however often it is delivered: a yes, another try."""

from typing import Any

from protege.errors import UserError
from protege.text import Text
from protege.training.job import Job

ASKED_S = 24 * 3600
"""How long a question whether to begin may be answered."""
EXPIRED = Text(
    "This was asked more than a day ago. Begin again with `/train`: prices and data may have "
    "changed.",
    "Этот вопрос задан больше суток назад. Начните снова с `/train`: цены и данные могли "
    "измениться.",
)


def expired(job: Job, now: float) -> bool:
    """Whether nobody answered in time. `now`: seconds since the epoch."""
    return job.state == "asking" and now - job.started_at > ASKED_S


def agreed(job: Job, interaction: str, now: float) -> Job:
    """The job as somebody's yes makes it; one that is not asking stays as it is.

    Raises UserError where the question is too old.
    """
    if expired(job, now):
        raise UserError(EXPIRED)
    if job.state != "asking":
        return job
    return job._replace(state="running", confirmed=interaction, started_at=now, touched_at=now)


def retried(job: Job, interaction: str, now: float) -> Job:
    """The job as another try makes it; one that has not failed stays as it is."""
    if job.state != "failed":
        return job
    fresh: dict[str, Any] = {"failures": 0, "error": {}, "wait_s": 0, "touched_at": now}
    return job._replace(state="running", leg=job.leg + 1, confirmed=interaction, **fresh)


def stopped(job: Job) -> Job:
    """The job as somebody's no makes it; one that is over stays as it is."""
    state = {"running": "cancelling", "asking": "cancelled"}.get(job.state, job.state)
    return job._replace(state=state)
