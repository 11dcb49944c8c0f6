"""Trying the bot on rows whose right answers are known, or not: at once, or as a job."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from protege.datasets.rows import Row
from protege.errors import UserError
from protege.shapes import shaped
from protege.testing.asking import NO_VERSION
from protege.testing.costs import Cost, Size, estimate
from protege.testing.course import Counted, Course, rows_of
from protege.testing.means import Means
from protege.testing.plan import Plan, Result
from protege.testing.remembering import remembered
from protege.testing.steps import Steps
from protege.testing.tally import Tally
from protege.testing.trial import NOW, Side, Trial
from protege.text import Text
from protege.training.job import Job

__all__ = ["NOW", "Cost", "Means", "Plan", "Result", "Side", "Size", "Tests", "Trial"]

UNNAMED = "?"
"""A judge that has no name."""
AT_ONCE_S = 40.0
"""A test without a job asks no further question after that: a worker has 60 seconds."""
LATE = Text("Time ran out.", "Не хватило времени.")


class Tests:
    """Every guild's tests; `space` is the guild in every call."""

    __test__ = False  # pytest takes the name for its own

    def __init__(self, means: Means) -> None:
        self._means = means
        self._steps = Steps(means)
        self.store = means.store

    def side(self, space: str, version: int, *, trial: bool = False) -> Side:
        """Who is to be asked; `NOW` with `trial`: the active version. Raises UserError."""
        if version == NOW and trial:
            return Side(self._means.models.pointer(space).version, trial)
        if version != NOW and version not in self._means.models.versions(space):
            raise UserError(NO_VERSION, version=version)
        return Side(version, trial)

    @property
    def judge(self) -> str:
        """Id of the model that can judge; empty where none can."""
        model = self._means.model()
        return model.model or UNNAMED if model.can_complete else ""

    def cost(self, space: str, plan: Plan, size: Size) -> Cost:
        """What the test will cost at most. Raises UserError where the budget does not allow it."""
        models = [self._model(space, side) for side in plan.sides]
        cost = estimate(size, models, plan.judge, self._means.prices)
        if cost.calls:
            self._means.spending.check(space, cost.dollars or 0.0, cost.tokens)
        return cost

    def at_once(
        self, space: str, id: str, plan: Plan, rows: Sequence[Row], locale: str, author: str
    ) -> tuple[Result, list[Trial]]:
        """Try a few rows and wait. Raises UserError, Unavailable."""
        self.store.open(space, id, author)
        trials, unjudged = self._means.ask(space, plan, rows, locale, seconds=AT_ONCE_S)
        self.store.write(space, id, trials)
        tally = Tally.empty(len(plan.sides)).plus(trials)
        late = LATE if len(trials) < len(rows) else None
        return Result(id, plan, tally, len(rows), unjudged, late), trials

    def start(self, job: Job, rows: Iterable[Row], plan: Callable[[], Plan]) -> tuple[Job, Cost]:
        """Put a job on record that tries rows which stream by. `plan` is asked for after them.

        Its first leg is asked for later, with `jobs.enqueue`; but a job whose cost is worth asking
        about waits for `jobs.confirm`. Raises UserError as the rows do, and as `cost`.
        """
        counted = Counted(rows)
        self._means.files.write_stream(rows_of(job), counted.lines())
        done, jobs = plan(), self._means.jobs
        try:
            cost = self.cost(job.space, done, counted.size)
        except UserError:
            self._means.files.delete(rows_of(job), forever=True)
            raise
        self.store.open(job.space, job.id, job.author)
        course = Course(Tally.empty(len(done.sides))).as_json()
        report = {**job.report, "plan": done.as_json(), **course}
        job = job._replace(step="ask", total=counted.size.rows, report=report)
        if cost.worth_asking:
            return jobs.begin(job._replace(state="asking", estimate=cost._asdict())), cost
        return jobs.record(job), cost

    def begin(self, job: Job, interaction: str) -> Job:
        """Somebody agreed to what a job costs. Raises UserError over the budget, or too late."""
        if job.state == "asking":
            cost = job.estimate["dollars"] or 0.0, job.estimate["tokens"]
            self._means.spending.check(job.space, *cost)
        return self._means.jobs.confirm(job.space, job.id, interaction)

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each piece of work until it is `ending`.

        Stop iterating at any point: the next call goes on from there. A test that was stopped and
        is tried again goes on with the next row. Raises Missing, Unavailable.
        """
        return self._steps.advance(space, id)

    def remember(self, space: str, id: str, trials: Iterable[Trial], user: str) -> None:
        """Make answers of what went wrong, so that each can be corrected by its id."""
        for trial in trials:
            if trial.wrong:
                self._means.answers.remember(space, remembered(id, trial, user))

    def result(self, job: Job) -> Result:
        """What came of a job so far."""
        course = Course.of(job)
        stopped = shaped(Text, job.error) if job.error else None
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

    def _model(self, space: str, side: Side) -> str:
        """Id of the model that answers on a side; empty where that costs nothing."""
        models = self._means.models
        version = models.pointer(space).version if side.version == NOW else side.version
        made = models.about(space, version).get("chat") or {}
        return str(made.get("model") or self._means.model().model)
