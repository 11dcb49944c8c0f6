"""The steps of a test's job.

A step asks some rows and stores what came of them under the number of the first; the job's record
says how far it is and what came out so far, and is written last. Whoever is killed in between does
the same rows again, over what was there.
"""

from collections.abc import Iterator, Sequence

from protege.datasets.rows import Row
from protege.errors import Unavailable, UserError
from protege.testing.course import Course, cut
from protege.testing.gathering import gather
from protege.testing.means import Means, Tried
from protege.testing.plan import Plan
from protege.text import Text
from protege.training.job import Job

STEP_S = 6.0
"""No further question is begun in a step after that."""
PATIENCE = 2
"""A step fails so often before the test goes without the rows that are left."""
DOWN = Text(
    "The model that answers cannot be reached; try again later with the button in `/jobs`.",
    "Модель, которая отвечает, недоступна; позже можно повторить кнопкой в `/jobs`.",
)


class Steps:
    """Takes a job further."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each piece of work until it is `ending`.

        Stop iterating at any point: the next call goes on from there. A test that was stopped and
        is tried again goes on with the next row. Raises Missing, Unavailable.
        """
        job = self._means.jobs.get(space, id)
        while job.state == "running":
            job = self._gather(job) if job.step == "gather" else self._ask(job)
            yield job

    def _ask(self, job: Job) -> Job:
        """Try the next rows: fewer where the last ones took long. What was tried counts."""
        jobs, course = self._means.jobs, Course.of(job)
        rows, ends = cut(self._means.files, job, course)
        if not rows:
            return jobs.save(job, step="gather", scratch={})
        try:
            tried = self._tried(job, course, rows)
        except UserError as error:
            return self._stopped(job, course, Text(error.to("en"), error.to("ru")))
        except Unavailable:
            if job.failures < PATIENCE:
                raise
            return self._stopped(job, course, DOWN)
        self._means.store.write(job.space, job.id, tried.trials)
        course = course.after(tried.trials, ends, tried.unjudged)
        report = {**job.report, **course.as_json()}
        return jobs.save(job, step="ask", done=course.tally.rows, failures=0, report=report)

    def _tried(self, job: Job, course: Course, rows: Sequence[Row]) -> Tried:
        return self._means.ask(
            job.space,
            Plan.from_json(job.report["plan"]),
            rows,
            job.locale,
            first=course.tally.rows + 1,
            seconds=STEP_S,
            unjudged=course.unjudged,
        )

    def _stopped(self, job: Job, course: Course, why: Text) -> Job:
        """End here, with a table of what was tried, if anything was."""
        error = why._asdict()
        if course.tally.rows:
            return self._means.jobs.save(job, step="gather", scratch={}, error=error)
        return self._means.jobs.save(job, state="ending", error=error)

    def _gather(self, job: Job) -> Job:
        """The table of all rows, a part of it at a time."""
        plan = Plan.from_json(job.report["plan"])
        scratch = gather(self._means.files, self._means.store, job, plan.sides)
        if scratch:
            return self._means.jobs.save(job, scratch=scratch, failures=0)
        return self._means.jobs.save(job, state="ending", step="done", scratch={})
