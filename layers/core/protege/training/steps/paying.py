"""What steps share that ask a model: calls paid for once, trouble waited for, a bill."""

from collections.abc import Sequence
from typing import Any

from protege.errors import Unavailable, UserError
from protege.providers import Usage
from protege.text import Text
from protege.training.job import Job
from protege.training.steps.workshop import Workshop
from protege.training.weighing.calls import Broken, Calls

MODEL_DOWN = Text(
    "The language model has not answered for several minutes. What was paid for is kept: “Try "
    "again” in /jobs goes on from there.",
    "Языковая модель не отвечает уже несколько минут. Оплаченное сохранено: «Повторить» в /jobs "
    "продолжит с этого места.",
)
WAITS_S = (10, 30, 60, 120, 240)
"""How long to wait after the first failure in a row, the second, and so on."""


def calls_of(shop: Workshop, job: Job, what: str) -> Calls:
    """The job's paid calls, for one piece of work. `what` they are for: see `Spending.note`."""

    def note(model: str, usage: Usage) -> None:
        shop.spending.note(job.space, what, model, usage)

    return Calls(shop.files, _folder(job), shop.tuning.piece_s, note)


def unlucky(shop: Workshop, job: Job, calls: Calls, broken: Broken) -> Job:
    """Try again later, a few times; whatever else is wrong, the person has to know.

    Raises what is wrong as UserError.
    """
    times = 0 if calls.fresh else job.scratch.get("unlucky", 0)
    if isinstance(broken.error, Unavailable) and times < len(WAITS_S):
        scratch = {**job.scratch, "unlucky": times + 1}
        return shop.jobs.save(job, scratch=scratch, done=calls.made, wait_s=WAITS_S[times])
    shop.jobs.save(job, scratch={**job.scratch, "unlucky": 0}, wait_s=0)
    if isinstance(broken.error, Unavailable):
        raise UserError(MODEL_DOWN) from broken
    raise broken.error


def lucky(shop: Workshop, job: Job, calls: Calls) -> Job:
    """The rest belongs to the next piece of work."""
    scratch = {**job.scratch, "unlucky": 0}
    return shop.jobs.save(job, done=calls.made, wait_s=0, scratch=scratch)


def cost(shop: Workshop, calls: Calls) -> dict[str, Any]:
    """`calls` of a model that may cost something, and their `dollars`: None where not known."""
    paid = [one for one in calls.paid if one.model]
    dollars = [shop.tuning.price(one.model, one.usage) for one in paid]
    known = [one for one in dollars if one is not None]
    priced = round(sum(known), 6) if len(known) == len(dollars) else None
    return {"calls": len(paid), "dollars": priced}


def mean(scores: Sequence[float]) -> float:
    """Rounded to four digits."""
    return round(sum(scores) / len(scores), 4)


def clear(shop: Workshop, job: Job) -> None:
    """Delete the paid calls: the job is over."""
    for name in list(shop.files.names(_folder(job))):
        shop.files.delete(name, forever=True)


def _folder(job: Job) -> str:
    """Not among the drafts: a job that begins anew pays only for what differs."""
    return f"{job.folder}paid/"
