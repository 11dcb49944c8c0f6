"""/test: what would you answer to these?"""

from functools import partial, reduce
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

from protege.commands.beginning import new_job
from protege.commands.dataset.choosing import LONGEST_PATH, ROWS, datasets
from protege.commands.model.choosing import LONGEST, number, versions
from protege.commands.teaching import is_trainer
from protege.commands.test.asking import asking
from protege.commands.test.giving import given
from protege.commands.test.report import STARTED, answered
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from protege.commands.test.giving import Given
    from protege.datasets.rows import Row
    from protege.testing import Plan, Side
    from protege.training.jobs import Job

AT_ONCE = 50
"""Answers that are waited for; more are a job's work."""
AT_ONCE_CALLED = 12
"""The same where a model has to be called for each."""
TRAINERS_ONLY = Text(
    "Datasets, judging and more than {most} answers are for trainers (permission “Manage Server”).",
    "Датасеты, оценка моделью и больше {most} ответов — для тренеров (право «Управлять сервером»).",
)

NO_JUDGE = Text(
    "No language model is configured here that could judge; test without `judge` (PROVIDER).",
    "Здесь не настроена языковая модель, которая могла бы оценивать; проверьте без `judge` "
    "(PROVIDER).",
)
TYPED = Option(Text('JSON: {"input": "..."}, or a list', 'JSON: {"input": "..."} или список'))
DATASET = Option(
    Text("A folder or frozen version to test on", "Папка или версия данных для проверки"),
    suggest=datasets,
    longest=LONGEST_PATH,
)
HELD_OUT = Option(
    Text(
        "Of a dataset only held-out questions, as if never taught (default)",
        "Из датасета только отложенные вопросы, как будто их не учили (по умолчанию)",
    )
)
ANSWERING = Option(
    Text("Which version answers; else the active one", "Какая версия отвечает; иначе активная"),
    suggest=versions,
    longest=LONGEST,
)
AGAINST = Option(
    Text("A second version, side by side", "Вторая версия, рядом"),
    suggest=versions,
    longest=LONGEST,
)
JUDGE = Option(
    Text(
        "Let a language model grade what is worded otherwise; it costs tokens",
        "Пусть языковая модель оценит ответы другими словами; это стоит токенов",
    )
)


@command(
    title=Text("test", "проверить"),
    about=Text(
        "Try me on questions; with expected answers I give a score",
        "Проверить меня на вопросах; с верными ответами — с оценкой",
    ),
    runs="later",
)
def test(
    ctx: Context,
    test_data: Annotated[str | None, TYPED] = None,
    attachment: Annotated[Attachment | None, ROWS] = None,
    dataset: Annotated[str | None, DATASET] = None,
    held_out: Annotated[bool, HELD_OUT] = True,
    version: Annotated[str | None, ANSWERING] = None,
    against: Annotated[str | None, AGAINST] = None,
    judge: Annotated[bool, JUDGE] = False,
) -> Reply:
    """Answer each row; compare where the right answer is known."""
    what = given(ctx, test_data, attachment, dataset, held_out)
    grader = _judge(ctx) if judge else ""
    _allow(ctx, bool(dataset or judge))
    sides = _sides(ctx, version, against, trial=what.held_out)
    rows = what.rows()
    first = list(islice(rows, AT_ONCE // len(sides) + 1))
    if not first:
        raise what.none(ctx.interaction.locale)
    plan = partial(_plan, what, sides, grader)
    return _at_once(ctx, plan(), first) or _as_job(ctx, chain(first, rows), plan)


def _at_once(ctx: Context, plan: "Plan", rows: "list[Row]") -> Reply | None:
    """Try the rows here and now; None where they are too many, or too slow, or too dear for that.

    A model that has to be called takes a second or two for an answer.
    """
    from protege.testing import Size
    from protege.training.jobs import job_id

    size = reduce(Size.plus, rows, Size())
    cost = ctx.bot.tests.cost(ctx.space, plan, size)
    most = AT_ONCE_CALLED if cost.calls else AT_ONCE
    if len(rows) * len(plan.sides) > most or cost.worth_asking:
        return None
    id, locale, user = job_id(ctx.interaction.id), ctx.interaction.locale, ctx.interaction.user
    result, trials = ctx.bot.tests.at_once(ctx.space, id, plan, rows, locale, user)
    ctx.bot.tests.remember(ctx.space, id, trials, user)
    return answered(result, trials, locale)


def _as_job(ctx: Context, rows: "Iterable[Row]", plan: "Callable[[], Plan]") -> Reply:
    _allow(ctx, True)
    job, cost = ctx.bot.tests.start(_job(ctx), rows, plan)
    return asking(job, cost) if job.state == "asking" else Reply(job.intro, job=job.id)


def _job(ctx: Context) -> "Job":
    job = new_job(ctx)
    report = {"limit": ctx.interaction.attachment_limit}
    return job._replace(intro=ctx.say(STARTED, job=job.id), kind="test", report=report)


def _plan(what: "Given", sides: "tuple[Side, ...]", judge: str) -> "Plan":
    from protege.testing import Plan

    problem = tuple(what.problem.why) if what.problem else ()
    return Plan(sides, judge, what.dataset, what.held_out, what.skipped, problem)


def _judge(ctx: Context) -> str:
    found = ctx.bot.tests.judge
    if not found:
        raise UserError(NO_JUDGE)
    return found


def _sides(
    ctx: Context, version: str | None, against: str | None, *, trial: bool
) -> "tuple[Side, ...]":
    first = _side(ctx, version, trial=trial)
    return (first, _side(ctx, against, trial=trial)) if against else (first,)


def _side(ctx: Context, version: str | None, *, trial: bool) -> "Side":
    from protege.testing import NOW

    if not version:
        return ctx.bot.tests.side(ctx.space, NOW, trial=trial)
    return ctx.bot.tests.side(ctx.space, number(version), trial=trial)


def _allow(ctx: Context, needed: bool) -> None:
    if needed and not is_trainer(ctx):
        raise UserError(TRAINERS_ONLY, most=AT_ONCE)
