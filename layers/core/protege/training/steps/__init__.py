"""Training jobs, taken further step by step; what each step does stands in a module of its own."""

from collections.abc import Iterator, Mapping

from protege.config import ConfigError
from protege.errors import UserError
from protege.text import Text
from protege.training.job import Job
from protege.training.steps.begin import begin, call_off
from protege.training.steps.embed import embed
from protege.training.steps.evaluate import evaluate
from protege.training.steps.fit import fit
from protege.training.steps.follow import follow
from protege.training.steps.gate import gate
from protege.training.steps.paying import clear
from protege.training.steps.prove import prove
from protege.training.steps.publish import publish
from protege.training.steps.snapshot import snapshot, validate
from protege.training.steps.tune import tune
from protege.training.steps.workshop import Step, Workshop

__all__ = ["STEPS", "Step", "Training", "Workshop"]

NOT_SET_UP = Text(
    "What it needs is not set up here any more ({why}). Whoever runs this bot can do that; then "
    "“Try again” goes on from there.",
    "То, что нужно, здесь больше не настроено ({why}). Настроить может тот, кто запустил бота; "
    "затем «Повторить» продолжит с этого места.",
)

STEPS: dict[str, Step] = {
    "snapshot": snapshot,
    "validate": validate,
    "embed": embed,
    "fit": fit,
    "gate": gate,
    "tune": tune,
    "begin": begin,
    "follow": follow,
    "prove": prove,
    "evaluate": evaluate,
    "publish": publish,
}


class Training:
    """Takes a job from its rows to a model version."""

    def __init__(self, workshop: Workshop, steps: Mapping[str, Step] = STEPS) -> None:
        self._workshop = workshop
        self._steps = steps

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each piece of work until it is `ending`.

        Stop iterating at any point: the next call goes on from there. A job that another release
        left at a step unknown here begins again. Raises Missing.
        """
        job = self._workshop.jobs.get(space, id)
        while job.state == "running":
            step = self._steps.get(job.step, snapshot)
            try:
                job = step(self._workshop, job)
            except UserError as error:
                job = self._ended(job, error)
            except ConfigError as error:
                job = self._ended(job, UserError(NOT_SET_UP, why=error))
            yield job

    def _ended(self, job: Job, why: UserError) -> Job:
        said = {locale: why.to(locale) for locale in Text._fields}
        job = self._workshop.jobs.get(job.space, job.id)  # the step may have written before
        return self._workshop.jobs.save(job, state="ending", error=said)

    def drop(self, job: Job) -> None:
        """Delete what a cancelled job has drafted, and call off what it ordered.

        Raises Unavailable where the provider is down: to be tried again.
        """
        call_off(self._workshop, job)
        self._workshop.desks.clear(job)
        clear(self._workshop, job)
