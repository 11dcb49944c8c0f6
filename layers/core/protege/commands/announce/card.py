"""What a training job says when it is over."""

from typing import TYPE_CHECKING, Any

from protege.commands.announce import proof
from protege.commands.announce.table import table
from protege.commands.jobs.buttons import RETRY, retry_job
from protege.commands.model.buttons import (
    ACTIVATE,
    COMPARE,
    DISCARD,
    activate_version,
    compare_versions,
    discard_version,
)
from protege.commands.tuned import difference, told
from protege.discord.reply import Button, Embed, File, Reply
from protege.shapes import shaped
from protege.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protege.training.jobs import Job

DONE = Text(
    "✅ Training job `{job}` is done: version **v{version}** knows {lessons} lessons and answers "
    "from now on.{duplicates}{score}",
    "✅ Задание `{job}` выполнено: версия **v{version}** знает уроков: {lessons} — и отвечает "
    "с этой минуты.{duplicates}{score}",
)
CANDIDATE = Text(
    "⚖️ Training job `{job}` is done: version **v{version}** knows {lessons} lessons, but is worse "
    "than v{before}, which goes on answering until a trainer decides otherwise."
    "{duplicates}{score}",
    "⚖️ Задание `{job}` выполнено: версия **v{version}** знает уроков: {lessons}, но она хуже "
    "v{before}; отвечать будет прежняя, пока тренер не решит иначе.{duplicates}{score}",
)
WORSE_MODEL = Text(
    "⚖️ Training job `{job}` is done: version **v{version}** knows {lessons} lessons, but its model "
    "answers worse than what answers now, and that goes on until a trainer decides otherwise."
    "{duplicates}{score}",
    "⚖️ Задание `{job}` выполнено: версия **v{version}** знает уроков: {lessons}, но её модель "
    "отвечает хуже, чем то, что отвечает сейчас; так и останется, пока тренер не решит иначе."
    "{duplicates}{score}",
)
UNPROVEN = Text(
    "⚖️ Training job `{job}` is done: version **v{version}** knows {lessons} lessons, but nobody "
    "knows yet how good its model is. A trainer decides whether it is to answer."
    "{duplicates}{score}",
    "⚖️ Задание `{job}` выполнено: версия **v{version}** знает уроков: {lessons}, но насколько "
    "хороша её модель, пока неизвестно. Включать ли её, решит тренер.{duplicates}{score}",
)
REBUILT = Text(
    "✅ Training job `{job}` is done: version **v{version}** is v{rebuilds} rebuilt and knows "
    "{lessons} lessons. Another one answers now; a trainer decides whether that stays so."
    "{duplicates}{score}",
    "✅ Задание `{job}` выполнено: версия **v{version}** — пересобранная v{rebuilds}, она знает "
    "уроков: {lessons}. Сейчас отвечает другая; останется ли так, решит тренер.{duplicates}{score}",
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
BESIDE = Text(
    "v{before} and v{version}, the same questions", "v{before} и v{version}: одни и те же вопросы"
)
CURVE = Text("How v{version} was trained", "Как обучалась v{version}")
MEASURED = Text("How good v{version} is", "Насколько хороша v{version}")
SERVED = Text("`{model}` answers for it.", "За неё отвечает `{model}`.")
COST = Text("Tokens trained: {tokens}; ${usd:.2f}.", "Обучено токенов: {tokens}; ${usd:.2f}.")
TOKENS = Text(
    "Tokens trained: {tokens}; your provider's price list says what they cost.",
    "Обучено токенов: {tokens}; сколько это стоит, сказано в прейскуранте провайдера.",
)
PICTURE = "training.png"
LONGEST_WHY = 1600
"""Characters of an explanation."""


def finished(job: "Job") -> Reply:
    """The announcement in the channel."""
    if job.error:
        why = shaped(Text, job.error).to(job.locale)[:LONGEST_WHY]
        again = Button(retry_job.route(job.id), RETRY.to(job.locale), "🔁")
        return Reply(FAILED.to(job.locale, job=job.id, why=why), (again,))
    files = _picture(job)
    embed = _embed(job, PICTURE if files else "")
    return Reply(_headline(job), _buttons(job), files=files, embed=embed)


def _headline(job: "Job") -> str:
    report = job.report
    duplicates = report.get("duplicates", 0)
    said = {
        "job": job.id,
        "version": job.version,
        "before": job.parent,
        "lessons": report["lessons"],
        "duplicates": DUPLICATES.to(job.locale, n=duplicates) if duplicates else "",
        "score": _score(report.get("evaluation", {}), job.locale),
        "rebuilds": report.get("rebuilds", 0),
    }
    return _outcome(report).to(job.locale, **said)


def _outcome(report: "Mapping[str, Any]") -> Text:
    """Whether the version answers, and if not, what is the reason: see `promotion`."""
    proven = report.get("proof") or {}
    if report.get("activated", True):
        return DONE
    if (report.get("compared") or {}).get("verdict") == "worse":
        return CANDIDATE
    if proven.get("verdict") == "worse":
        return WORSE_MODEL
    return UNPROVEN if "stopped" in proven else REBUILT


def _embed(job: "Job", picture: str) -> Embed | None:
    proven = proof.told(job.report.get("proof") or {}, job.locale)
    parts = [_beside(job), _tuning(job), proven, _provider(job)]
    lines = "\n".join(filter(None, parts))
    if not (lines or picture):
        return None
    title = BESIDE if job.report.get("compared") else CURVE if job.points else MEASURED
    return Embed(title.to(job.locale, before=job.parent, version=job.version), lines, picture)


def _beside(job: "Job") -> str:
    compared = job.report.get("compared") or {}
    if not compared:
        return ""
    report = job.report
    return table(compared, report["evaluation"], report.get("proof") or {}, job.locale)


def _tuning(job: "Job") -> str:
    tuning = job.report.get("tuning")
    if not tuning:
        return ""
    changed = difference(tuning["was"], tuning["now"]) if tuning["kept"] else ""
    return f"{told(tuning, job.locale)}\n{changed}".strip()


def _provider(job: "Job") -> str:
    chat = job.report.get("chat")
    if not chat:
        return ""
    cost = COST if job.cost.get("usd") is not None else TOKENS
    said = cost.to(job.locale, tokens=job.cost.get("tokens"), usd=job.cost.get("usd") or 0.0)
    return f"{SERVED.to(job.locale, model=chat['model'])}\n{said}"


def _buttons(job: "Job") -> tuple[Button, ...]:
    version, locale = str(job.version), job.locale
    compare = Button(compare_versions.route(version), COMPARE.to(locale), "⚖️")
    if job.report.get("activated", True):
        return (compare,) if job.parent else ()
    return (
        Button(activate_version.route(version), ACTIVATE.to(locale), "✅"),
        *((compare,) if job.parent else ()),
        Button(discard_version.route(version), DISCARD.to(locale), "🗑️"),
    )


def _picture(job: "Job") -> tuple[File, ...]:
    from protege.training.picture import picture

    drawn = picture(job.report, job.points, job.method, job.locale)
    return (File(PICTURE, drawn, "image/png"),) if drawn else ()


def _score(measured: dict[str, Any], locale: str) -> str:
    if not measured.get("rows"):
        return ""
    said = {
        "rows": measured["rows"],
        "right": round(100 * measured["accuracy"]),
        "refused": round(100 * measured["refused"]),
    }
    return SCORES[measured["method"]].to(locale, **said)
