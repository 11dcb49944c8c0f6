"""Trying the bot on rows whose right answers are known, or not: at once, or as a job of many legs.

A job's step asks some rows and stores what came of them under the number of the first; its record
says how far it is and what came out so far, and is written last. Whoever is killed in between
does the same rows again, over what was there.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from protege.answers import Answers
from protege.chat import Chat
from protege.datasets.rows import Row
from protege.errors import Unavailable, UserError
from protege.learning import Embedder
from protege.models import Models
from protege.storage import Files
from protege.testing.asking import NO_VERSION, Asker
from protege.testing.course import Counted, Course, cut, rows_of
from protege.testing.gathering import gather
from protege.testing.judging import Complete, Judge
from protege.testing.plan import Plan, Result
from protege.testing.remembering import remembered
from protege.testing.store import Store
from protege.testing.tally import Tally
from protege.testing.trial import NOW, Side, Trial
from protege.text import Text
from protege.training.jobs import Job, Jobs

__all__ = ["NOW", "Means", "Plan", "Result", "Side", "Tests", "Trial"]

STEP_S = 6.0
"""No further question is begun in a step after that."""
AT_ONCE_S = 40.0
"""The same for a test without a job: a worker has 60 seconds."""
LATE = Text("time ran out", "не хватило времени")
PATIENCE = 2
"""A step fails so often before the test goes without the rows that are left."""
DOWN = Text(
    "the model that answers cannot be reached; try again later with the button in `/jobs`",
    "модель, которая отвечает, недоступна; позже можно повторить кнопкой в `/jobs`",
)


class Means(NamedTuple):
    """What a test works with."""

    files: Files
    jobs: Jobs
    chat: Chat
    answers: Answers
    models: Models
    embedder: Callable[[], Embedder]
    store: Store
    complete: Callable[[str], Complete | None]
    """From a guild to the model that judges there; None where there is none."""
    check: Callable[[str], None]
    """Raises UserError where a guild may spend no more."""


class Tests:
    """Every guild's tests; `space` is the guild in every call."""

    __test__ = False  # pytest takes the name for its own

    def __init__(self, means: Means) -> None:
        self._means = means
        self.store = means.store

    def side(self, space: str, version: int, *, trial: bool = False) -> Side:
        """Who is to be asked; `NOW` with `trial`: the active version. Raises UserError."""
        if version == NOW and trial:
            return Side(self._means.models.pointer(space).version, trial)
        if version != NOW and version not in self._means.models.versions(space):
            raise UserError(NO_VERSION, version=version)
        return Side(version, trial)

    def at_once(
        self, space: str, id: str, plan: Plan, rows: Sequence[Row], locale: str, author: str
    ) -> tuple[Result, list[Trial]]:
        """Try a few rows and wait. Raises UserError, Unavailable."""
        self._means.check(space)
        self.store.open(space, id, author)
        judge = self._judge(space, plan, None)
        ends = time.monotonic() + AT_ONCE_S
        trials = self._asker(judge).ask(space, plan.sides, rows, locale, first=1, ends=ends)
        self.store.write(space, id, trials)
        tally = Tally.empty(len(plan.sides)).plus(trials)
        late = LATE if len(trials) < len(rows) else None
        return Result(id, plan, tally, len(rows), judge.off, late), trials

    def start(self, job: Job, rows: Iterable[Row], plan: Callable[[], Plan]) -> Job:
        """Put a job on record that tries rows which stream by. `plan` is asked for after them.

        Its first leg is asked for later, with `jobs.enqueue`. Raises UserError as the rows do.
        """
        self.store.open(job.space, job.id, job.author)
        counted = Counted(rows)
        self._means.files.write_stream(rows_of(job), counted.lines())
        done = plan()
        tally = Tally.empty(len(done.sides))
        report = {**job.report, "plan": done.as_json(), **Course(tally).as_json()}
        job = job._replace(step="ask", total=counted.rows, report=report)
        return self._means.jobs.record(job)

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each piece of work until it is `ending`.

        Stop iterating at any point: the next call goes on from there. A test that was stopped and
        is tried again goes on with the next row. Raises Missing, Unavailable.
        """
        job = self._means.jobs.get(space, id)
        while job.state == "running":
            job = self._gather(job) if job.step == "gather" else self._ask(job)
            yield job

    def remember(self, space: str, id: str, trials: Iterable[Trial], user: str) -> None:
        """Make answers of what went wrong, so that each can be corrected by its id."""
        for trial in trials:
            if trial.wrong:
                self._means.answers.remember(space, remembered(id, trial, user))

    def result(self, job: Job) -> Result:
        """What came of a job so far."""
        course = Course.of(job)
        stopped = Text(**job.error) if job.error else None
        plan = Plan.from_json(job.report["plan"])
        return Result(job.id, plan, course.tally, job.total, course.unjudged, stopped)

    def drop(self, job: Job) -> None:
        """Forget all that an unfinished test has stored."""
        self.store.remove(job.space, job.id)
        self.tidy(job)

    def tidy(self, job: Job) -> None:
        """Remove the working files of a job."""
        for key in list(self._means.files.names(job.folder)):
            self._means.files.delete(key, forever=True)

    def _ask(self, job: Job) -> Job:
        """Try the next rows: fewer where the last ones took long. What was tried counts."""
        jobs, course = self._means.jobs, Course.of(job)
        rows, ends = cut(self._means.files, job, course)
        if not rows:
            return jobs.save(job, step="gather", scratch={})
        try:
            trials, off = self._tried(job, course, rows)
        except UserError as error:
            return self._stopped(job, course, Text(error.to("en"), error.to("ru")))
        except Unavailable:
            if job.failures < PATIENCE:
                raise
            return self._stopped(job, course, DOWN)
        self.store.write(job.space, job.id, trials)
        course = course.after(trials, ends, off)
        report = {**job.report, **course.as_json()}
        return jobs.save(job, step="ask", done=course.tally.rows, failures=0, report=report)

    def _tried(
        self, job: Job, course: Course, rows: Sequence[Row]
    ) -> tuple[list[Trial], Text | None]:
        self._means.check(job.space)
        plan = Plan.from_json(job.report["plan"])
        judge = self._judge(job.space, plan, course.unjudged)
        first, ends = course.tally.rows + 1, time.monotonic() + STEP_S
        asker = self._asker(judge)
        trials = asker.ask(job.space, plan.sides, rows, job.locale, first=first, ends=ends)
        return trials, judge.off

    def _stopped(self, job: Job, course: Course, why: Text) -> Job:
        """End here, with a table of what was tried, if anything was."""
        error = why._asdict()
        if course.tally.rows:
            return self._means.jobs.save(job, step="gather", scratch={}, error=error)
        return self._means.jobs.save(job, state="ending", error=error)

    def _gather(self, job: Job) -> Job:
        """The table of all rows, a part of it at a time."""
        plan = Plan.from_json(job.report["plan"])
        scratch = gather(self._means.files, self.store, job, plan.sides)
        if scratch:
            return self._means.jobs.save(job, scratch=scratch, failures=0)
        return self._means.jobs.save(job, state="ending", step="done", scratch={})

    def _asker(self, judge: Judge) -> Asker:
        return Asker(self._means.chat, self._means.embedder(), judge)

    def _judge(self, space: str, plan: Plan, off: Text | None) -> Judge:
        return Judge(self._means.complete(space) if plan.judge else None, off)
