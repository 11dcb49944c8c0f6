"""What a training job says while it runs and when it is over."""

from typing import TYPE_CHECKING, Any

from protege.discord.reply import Reply
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
    "evaluate": Text("testing myself", "проверяю себя"),
    "publish": Text("writing it all down", "записываю выученное"),
    "done": Text("ready", "готово"),
}
SHARE = {
    "snapshot": 0.02,
    "validate": 0.06,
    "embed": 0.1,
    "fit": 0.7,
    "gate": 0.8,
    "evaluate": 0.85,
    "publish": 0.95,
    "done": 1.0,
}
"""How far the job is when a step begins; most of the time goes into `embed`."""
PROGRESS = "{intro}\n`{bar}` {percent} % — {step}"
DONE = Text(
    "✅ Training job `{job}` is done: version **v{version}** knows {lessons} lessons and answers "
    "from now on.{duplicates}{score}",
    "✅ Задание `{job}` выполнено: версия **v{version}** знает уроков: {lessons} — и отвечает "
    "с этой минуты.{duplicates}{score}",
)
DUPLICATES = Text("\nSaid twice and kept once: {n}.", "\nПовторов оставлено по одному: {n}.")
HELD_OUT = Text(
    "\nAsked {rows} of its questions without having seen them: {right} % right, {refused} % "
    "“not taught”.",
    "\nНа {rows} вопросах, которых при обучении не видел: верно {right} %, «не учили» {refused} %.",
)
VARIANTS = Text(
    "\nAsked {rows} of its questions with a slip or a word missing: {right} % right, {refused} % "
    "“not taught”.",
    "\nНа {rows} вопросах с опиской или без одного слова: верно {right} %, «не учили» {refused} %.",
)
SCORES = {"held-out": HELD_OUT, "leave-one-out": HELD_OUT, "variants": VARIANTS}
FAILED = Text(
    "❌ Training job `{job}` did not work out: {why}",
    "❌ Задание `{job}` не получилось: {why}",
)


def progress(job: "Job") -> Reply:
    """The message of `/train` while the job runs."""
    share = SHARE.get(job.step, 0.0)
    if job.step == "embed" and job.total:
        share += (SHARE["fit"] - share) * job.done / job.total
    filled = round(share * BAR)
    bar = "█" * filled + "░" * (BAR - filled)
    step = STEPS.get(job.step, STEPS["snapshot"]).to(job.locale)
    return Reply(PROGRESS.format(intro=job.intro, bar=bar, percent=round(share * 100), step=step))


def finished(job: "Job") -> Reply:
    """The announcement in the channel."""
    if job.error:
        return Reply(FAILED.to(job.locale, job=job.id, why=Text(**job.error)))
    report = job.report
    duplicates = report.get("duplicates", 0)
    said = {
        "job": job.id,
        "version": job.version,
        "lessons": report["lessons"],
        "duplicates": DUPLICATES.to(job.locale, n=duplicates) if duplicates else "",
        "score": _score(report.get("evaluation", {}), job.locale),
    }
    return Reply(DONE.to(job.locale, **said))


def _score(measured: dict[str, Any], locale: str) -> str:
    if not measured.get("rows"):
        return ""
    said = {
        "rows": measured["rows"],
        "right": round(100 * measured["accuracy"]),
        "refused": round(100 * measured["refused"]),
    }
    return SCORES[measured["method"]].to(locale, **said)
