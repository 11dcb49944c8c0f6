"""What a training job says while it runs: how far it is, what it is at, when it may be over."""

from typing import TYPE_CHECKING

from protege.commands.jobs.buttons import CANCEL, cancel_job
from protege.discord.parts import split
from protege.discord.reply import LONGEST_CONTENT, Button, Reply
from protege.text import Text

if TYPE_CHECKING:
    from protege.training.jobs import Job

BAR = 12
STEPS = {
    "snapshot": Text("reading the rows", "читаю строки"),
    "validate": Text("sorting out repeats", "отбираю повторы"),
    "embed": Text("understanding the questions", "разбираю вопросы"),
    "fit": Text("learning", "обучаюсь"),
    "gate": Text("learning where to stop", "учусь не отвечать лишнего"),
    "tune": Text("looking for a better instruction", "подбираю инструкцию"),
    "begin": Text("handing the lessons to the provider", "передаю уроки провайдеру"),
    "follow": Text("the provider trains its model", "провайдер обучает модель"),
    "prove": Text("asking the new model", "спрашиваю новую модель"),
    "evaluate": Text("testing myself", "проверяю себя"),
    "publish": Text("writing it all down", "записываю выученное"),
    "done": Text("ready", "готово"),
}
WEIGHTS = {
    "snapshot": 2,
    "validate": 3,
    "embed": 60,
    "fit": 12,
    "gate": 8,
    "tune": 300,
    "begin": 3,
    "follow": 600,
    "prove": 60,
    "evaluate": 12,
    "publish": 3,
}
"""How long the steps take in relation to each other, as a rule."""
COUNTED = ("embed", "tune", "follow", "prove")
"""Steps that say how much of them is done."""
LEAST_SHARE, LEAST_S = 0.05, 20
"""Before so much is done, nothing can be said of the end."""
LONGEST_INTRO = LONGEST_CONTENT - 200
"""Characters; the report on large data may fill more than a message."""
PROGRESS = "{intro}\n`{bar}` {percent} % — {step}{more}"
READY = Text(" · ready about <t:{at}:R>", " · закончу примерно <t:{at}:R>")
QUEUED = Text(" · waiting its turn there", " · ждёт там своей очереди")


def share(job: "Job") -> float:
    """How much of the job is done, 0 to 1."""
    from protege.training.plan import steps_of

    steps = steps_of(job)
    if job.step not in steps:
        return float(job.step == "done")
    weights = [WEIGHTS.get(step, 1) for step in steps]
    at = steps.index(job.step)
    inside = min(1.0, job.done / job.total) if job.step in COUNTED and job.total else 0.0
    return (sum(weights[:at]) + weights[at] * inside) / sum(weights)


def progress(job: "Job") -> Reply:
    """The message of `/train` while the job runs."""
    part = share(job)
    filled = round(part * BAR)
    said = {
        "intro": split(job.intro, LONGEST_INTRO)[0],
        "bar": "█" * filled + "░" * (BAR - filled),
        "percent": round(part * 100),
        "step": STEPS.get(job.step, STEPS["snapshot"]).to(job.locale),
        "more": _more(job, part),
    }
    stop = Button(cancel_job.route(job.id), CANCEL.to(job.locale), "🚫")
    return Reply(PROGRESS.format(**said), (stop,) if job.state == "running" else ())


def _more(job: "Job", part: float) -> str:
    if job.step == "follow" and job.scratch.get("state") == "waiting":
        return QUEUED.to(job.locale)
    taken = job.touched_at - job.started_at
    if job.state != "running" or part < LEAST_SHARE or taken < LEAST_S:
        return ""
    return READY.to(job.locale, at=round(job.touched_at + taken * (1 - part) / part))
