"""What a training job says when it is over."""

from typing import TYPE_CHECKING, Any

from protege.discord.reply import Reply
from protege.text import Text

if TYPE_CHECKING:
    from protege.training.jobs import Job

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
