"""The model that a provider made, asked what it was not trained on; so is what answers now.

Both are told the same lessons with each question, so that nothing but the models differ: whether
the lessons are any worse is asked by `evaluate`. What is paid for is on file, as when tuning.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from protege.chat import in_force, prompted
from protege.config import ConfigError
from protege.errors import BotError, Unavailable, UserError
from protege.learning.model import Verdict
from protege.providers import Prompt
from protege.text import Text
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.paying import calls_of, cost, lucky, mean, unlucky
from protege.training.steps.workshop import Workshop
from protege.training.weighing.answering import answers
from protege.training.weighing.calls import Broken, Calls, OutOfTime, Paid
from protege.training.weighing.proof import rows_of
from protege.training.weighing.questions import Row, pack, unpack
from protege.training.weighing.scoring import CERTAIN, luck

NOT_SET_UP = Text("it is not set up here ({why})", "он здесь не настроен ({why})")
SILENT = Text("it answered none of the questions", "она не ответила ни на один вопрос")
ROWS = "prove.json"


def prove(shop: Workshop, job: Job) -> Job:
    """One piece of the work. The report gains `proof`: `before` and `after`, what the answers are
    worth (0 to 1, see `scoring.worth`), of `rows` questions; `p_worse`, how likely they differ so
    for the worse by chance alone; the `verdict`; or why the model could not be asked: `stopped`.

    Raises UserError where a model is down for long.
    """
    if "rows" not in job.scratch:
        return _begun(shop, job)
    if not job.scratch["rows"]:
        return _over(shop, job, {"rows": 0})
    calls = calls_of(shop, job, "prove")
    try:
        shop.spending.check(job.space)
        return _over(shop, job, {**_asked(shop, job, calls), **cost(shop, calls)})
    except OutOfTime:
        return lucky(shop, job, calls)
    except Broken as broken:
        if isinstance(broken.error, Unavailable):
            return unlucky(shop, job, calls, broken)
        return _over(shop, job, {"stopped": _said(broken.error), **cost(shop, calls)})
    except (UserError, ConfigError) as error:
        return _over(shop, job, {"stopped": _said(error), **cost(shop, calls)})
    finally:
        calls.pack()


def _begun(shop: Workshop, job: Job) -> Job:
    """Choose the questions; nothing is asked yet."""
    desk, embedder = shop.desks.of(job), shop.embedder()
    now = in_force(shop.instructions, shop.models, job.space, job.parent)

    def told(verdict: Verdict, question: str) -> Prompt:
        return prompted(verdict, question, now.text, job.locale, f"{job.space}/prove")

    rows = rows_of(drafts.model(desk, embedder), drafts.lessons(desk), embedder, told)
    desk.write(ROWS, pack(rows))
    return shop.jobs.save(job, scratch={"rows": len(rows)}, done=0, total=2 * len(rows), wait_s=0)


def _asked(shop: Workshop, job: Job, calls: Calls) -> dict[str, Any]:
    """The new model first: where that cannot be asked, nothing is paid for the other."""
    rows = unpack(shop.desks.of(job).read(ROWS))
    was = shop.models.about(job.space, job.parent).get("chat") or {}
    after = _paid(shop, calls, rows, job.report["chat"])
    if not any(one.text for one in after):
        raise UserError(SILENT)
    before = _paid(shop, calls, rows, was)
    return weighed([one.score for one in before], [one.score for one in after])


def _paid(shop: Workshop, calls: Calls, rows: Sequence[Row], made: Mapping[str, str]) -> list[Paid]:
    provider, model = made.get("provider", ""), made.get("model", "")
    asked = [
        row._replace(prompt=row.prompt._replace(provider=provider, model=model)) for row in rows
    ]
    most = calls.made + len(rows)  # a job that begins anew has paid for others before
    return answers(shop.chat(), calls, shop.embedder(), asked, most)


def weighed(before: Sequence[float], after: Sequence[float]) -> dict[str, Any]:
    """What came out, as it is reported: question by question, one-sided."""
    worse, better = luck(after, before), luck(before, after)
    verdict = "worse" if worse <= CERTAIN else "better" if better <= CERTAIN else "same"
    found = {"before": mean(before), "after": mean(after), "rows": len(after)}
    return {**found, "p_worse": round(worse, 4), "verdict": verdict}


def _over(shop: Workshop, job: Job, found: dict[str, Any]) -> Job:
    report = {**job.report, "proof": {"with": job.parent, **found}}
    return shop.jobs.save(
        job, step=next_step(job), report=report, scratch={}, wait_s=0, done=0, total=0
    )


def _said(error: BotError | ConfigError) -> dict[str, str]:
    found = error if isinstance(error, UserError) else UserError(NOT_SET_UP, why=error)
    return {locale: found.to(locale) for locale in Text._fields}
