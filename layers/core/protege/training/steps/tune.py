"""A better instruction for the guild: searched, then proven against the present one.

What a piece of work finds is in the record only as far as it is small: `scratch` holds the phase,
the instruction it began from and the best one yet. Questions and paid calls are files.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protege.chat import in_force
from protege.errors import UserError
from protege.providers import ChatModel
from protege.text import Text
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.paying import calls_of, cost, lucky, mean, unlucky
from protege.training.steps.workshop import Workshop
from protege.training.tuning.rows import Sizes, pack, rows_of, unpack
from protege.training.weighing.calls import Broken, Calls, OutOfCalls, OutOfTime
from protege.training.weighing.scoring import better

if TYPE_CHECKING:  # it loads the library, which few jobs need
    from protege.training.tuning.asking import Asking

NO_MODEL = Text(
    "To tune an instruction I need a language model, and this bot has none: an operator has to set "
    "PROVIDER. Training without tuning works.",
    "Чтобы настраивать инструкцию, нужна языковая модель, а у этого бота её нет: оператору нужно "
    "задать PROVIDER. Обучение без настройки работает.",
)
ROWS = "tune.json"


def tune(shop: Workshop, job: Job) -> Job:
    """One piece of the work. Raises UserError where it cannot go on."""
    chat = shop.chat()
    if not chat.can_complete:
        raise UserError(NO_MODEL)
    if "phase" not in job.scratch:
        return _begun(shop, job)
    calls = calls_of(shop, job, "tune")
    try:
        shop.spending.check(job.space)
    except UserError:
        if not calls.made:
            raise
        return _over(shop, job, {"stopped": "budget", **cost(shop, calls)})
    try:
        return PHASES[job.scratch["phase"]](shop, job, chat, calls)
    except Broken as broken:
        return unlucky(shop, job, calls, broken)
    finally:
        calls.pack()


def _begun(shop: Workshop, job: Job) -> Job:
    """Choose the questions; nothing is asked yet."""
    sizes, desk = Sizes.of(shop.tuning.calls), shop.desks.of(job)
    model = drafts.model(desk, shop.embedder())
    rows = rows_of(model, shop.embedder(), job.space, job.locale, sizes)
    desk.write(ROWS, pack(rows))
    now = in_force(shop.instructions, shop.models, job.space, job.parent)
    scratch = {"phase": "search", "was": now.text, "best": now.text, "id": now.id}
    return shop.jobs.save(job, scratch=scratch, done=0, total=shop.tuning.calls)


def _searched(shop: Workshop, job: Job, chat: ChatModel, calls: Calls) -> Job:
    from protege.training.tuning.search import search

    rows = unpack(shop.desks.of(job).read(ROWS))
    asking = _asking(shop, chat, calls, shop.tuning.calls - 2 * len(rows.proof))
    found = search(job.scratch["was"], rows, asking)
    if isinstance(found.why, Broken):
        raise found.why
    scratch = {**job.scratch, "best": found.text, "unlucky": 0}
    if found.over:
        scratch["phase"] = "proof"
    points = [list(point) for point in found.points]
    return shop.jobs.save(job, scratch=scratch, done=calls.made, points=points, wait_s=0)


def _proven(shop: Workshop, job: Job, chat: ChatModel, calls: Calls) -> Job:
    rows = unpack(shop.desks.of(job).read(ROWS)).proof
    was, best = job.scratch["was"], job.scratch["best"]
    if best == was:
        return _over(shop, job, cost(shop, calls))
    asking = _asking(shop, chat, calls, shop.tuning.calls)
    try:
        before = [one.score for one in asking.answers(was, rows)]
        after = [one.score for one in asking.answers(best, rows)]
    except OutOfTime:
        return lucky(shop, job, calls)
    except OutOfCalls:
        return _over(shop, job, {"stopped": "calls", **cost(shop, calls)})
    scores = {"before": mean(before), "after": mean(after), "rows": len(rows)}
    return _over(shop, job, {**scores, **cost(shop, calls)}, better(before, after))


PHASES: dict[str, Callable[[Workshop, Job, ChatModel, Calls], Job]] = {
    "search": _searched,
    "proof": _proven,
}


def _over(shop: Workshop, job: Job, found: dict[str, Any], kept: bool = False) -> Job:
    """Write down what came of it: `tuning` in any case, `tuned` where another is in force now."""
    scratch = job.scratch
    told = {"was": scratch["was"], "now": scratch["best"], "kept": kept, **found}
    report = {**job.report, "tuning": told}
    report.pop("tuned", None)
    if kept:
        numbers = {name: found[name] for name in ("before", "after", "rows", "calls", "dollars")}
        report["tuned"] = {"instruction_id": scratch["id"], **numbers}
    return shop.jobs.save(
        job, step=next_step(job), report=report, scratch={}, wait_s=0, done=0, total=0
    )


def _asking(shop: Workshop, chat: ChatModel, calls: Calls, most: int) -> "Asking":
    from protege.training.tuning.asking import Asking

    return Asking(chat, shop.tuning.model, calls, shop.embedder(), most)
