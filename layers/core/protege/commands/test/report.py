"""What a test says: while it runs, at its end, row by row."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from protege.commands.test.figures import table
from protege.commands.test.mistakes import corrections, following, line
from protege.discord.reply import LONGEST_CONTENT, Button, File, Reply
from protege.text import Text

if TYPE_CHECKING:
    from protege.testing import Result, Side, Trial
    from protege.training.jobs import Job

BAR = 12
SHOWN_ROWS = 8
LONGEST = LONGEST_CONTENT - 50
"""Room for one more sentence."""
LEAST_DRAWN = 5
"""A picture of fewer rows says nothing."""
PICTURE, TABLE = "scores.png", "predictions.csv"
STARTED = Text("🧪 Test `{job}` has started.", "🧪 Проверка `{job}` началась.")
PROGRESS = Text(
    "{intro}\n`{bar}` {percent} % — {done} of {total} rows",
    "{intro}\n`{bar}` {percent} % — строк: {done} из {total}",
)
SCORE = Text(
    "🧪 **{exact} %** exactly right, **{similar} %** alike, on {rows} rows ({who}).",
    "🧪 Точно верно: **{exact} %**, похоже: **{similar} %**, строк: {rows} ({who}).",
)
NO_SCORE = Text("🧪 {rows} predictions ({who}).", "🧪 Предсказаний: {rows} ({who}).")
VERSUS = Text("{first} against {second}", "{first} против {second}")
CURRENT = Text("version v{n} and later corrections", "версия v{n} и новые исправления")
UNTRAINED = Text("no training yet, corrections only", "обучения ещё не было, только исправления")
VERSION = Text("version v{n} as it was trained", "версия v{n}, какой её обучили")
TRIAL = Text("v{n} without the held-out questions", "v{n} без отложенных вопросов")
CHANGED = Text(
    "\n⚠️ Another version became active meanwhile: {versions} answered.",
    "\n⚠️ Тем временем активной стала другая версия: отвечали {versions}.",
)
OF_DATASET = Text("\nRows of `{name}`{which}.", "\nСтроки из `{name}`{which}.")
HELD_OUT = Text(", held out: nobody was taught them", ", отложенные: им никого не учили")
TAUGHT = Text(
    ", held-out or not: what was taught is easy to know",
    ", в том числе выученные: их знать легко",
)
SKIPPED = Text(
    "\nNot read: {n} rows, the first because: {why}",
    "\nНе прочитано строк: {n}, первая потому, что: {why}",
)
LATE = Text("\n⚠️ Not tried: {left} rows. {why}", "\n⚠️ Не проверено строк: {left}. {why}")
JUDGED = Text(
    "\nJudged by `{model}`; answers without a usable grade: {n}.",
    "\nОценивала модель `{model}`; ответов без пригодной оценки: {n}.",
)
UNJUDGED = Text("\n⚠️ Judging ended early. {why}", "\n⚠️ Оценка моделью прервана. {why}")
FAILED_ROWS = Text(
    "\nQuestions that got no answer: {n}; the table says why.",
    "\nВопросов без ответа: {n}; почему — в таблице.",
)
MORE = Text("\n… and {n} more in the file.", "\n… и ещё {n} в файле.")
STOPPED = Text("❌ Test `{job}` ended. {why}", "❌ Проверка `{job}` прервана. {why}")


def progress(job: "Job") -> Reply:
    """The message of `/test` while the job runs."""
    share = job.done / job.total if job.total else 0.0
    filled = round(share * BAR)
    said = {
        "intro": job.intro,
        "bar": "█" * filled + "░" * (BAR - filled),
        "percent": round(share * 100),
        "done": job.done,
        "total": job.total,
    }
    return Reply(PROGRESS.to(job.locale, **said))


def answered(result: "Result", trials: Sequence["Trial"], locale: str) -> Reply:
    """A test that was waited for: figures, its first rows, and what can be done about them."""
    from protege.testing.table import body, head

    said = summary(result, locale)
    shown = _fitting(said, trials[:SHOWN_ROWS], locale)
    content = "\n".join([said, *shown.values()])
    if len(trials) > len(shown):
        content += MORE.to(locale, n=len(trials) - len(shown))
    files = drawn(result, locale)
    if len(trials) > 1:
        csv = head(result.plan.sides) + body(trials)
        files = (*files, File(TABLE, csv, "text/csv; charset=utf-8"))
    left = any(trial.wrong for trial in trials[len(shown) :])
    return Reply(content, _buttons(result, list(shown), left, locale), files=files)


def finished(
    result: "Result", wrong: Sequence["Trial"], more: bool, files: tuple[File, ...], locale: str
) -> Reply:
    """A job's outcome, with the first rows that went wrong."""
    if result.stopped and not result.tally.rows:
        return Reply(STOPPED.to(locale, job=result.id, why=result.stopped))
    said = summary(result, locale)
    shown = _fitting(said, wrong, locale)
    more = more or len(shown) < len(wrong)
    content = "\n".join([said, *shown.values()])
    buttons = _buttons(result, list(shown), more, locale)
    return Reply(content, buttons, files=(*drawn(result, locale), *files))


def _fitting(said: str, trials: Sequence["Trial"], locale: str) -> "dict[Trial, str]":
    """Lines of the first rows, as many as fit one message."""
    room, lines = LONGEST - len(said), {}
    for trial in trials:
        found = line(trial, locale, numbered=trial.number > 1 or len(trials) > 1)
        room -= len(found) + 1
        if room < 0:
            break
        lines[trial] = found
    return lines


def _buttons(
    result: "Result", shown: Sequence["Trial"], more: bool, locale: str
) -> tuple[Button, ...]:
    """Correct each row that went wrong; go on to those that are not shown."""
    wrong = [trial for trial in shown if trial.wrong]
    after = shown[-1].number if shown else 0
    return corrections(result.id, wrong, locale) + following(result.id, after, locale, more=more)


def summary(result: "Result", locale: str) -> str:
    """Everything but the rows: a sentence, the table of figures, what to know about them."""
    return _head(result, locale) + table(result, locale) + "".join(_notes(result, locale))


def drawn(result: "Result", locale: str) -> tuple[File, ...]:
    """The picture, where there is enough to draw."""
    if result.tally.expected < LEAST_DRAWN:
        return ()
    from protege.testing.picture import picture

    return (File(PICTURE, picture(result, locale), "image/png"),)


def _head(result: "Result", locale: str) -> str:
    sides = zip(result.plan.sides, result.tally.sides, strict=True)
    who = [_who(side, one.versions).to(locale) for side, one in sides]
    said = who[0] if len(who) == 1 else VERSUS.to(locale, first=who[0], second=who[1])
    exact, alike = (result.tally.sides[0].of(measure) for measure in ("exact", "similar"))
    if len(who) > 1 or exact is None or alike is None:
        return NO_SCORE.to(locale, rows=result.tally.rows, who=said)
    percent = {"exact": round(100 * exact.value), "similar": round(100 * alike.value)}
    return SCORE.to(locale, **percent, rows=result.tally.rows, who=said)


def _who(side: "Side", answered: Sequence[int]) -> Text:
    if side.version >= 0:
        return _filled(TRIAL if side.trial else VERSION, n=side.version)
    return _filled(CURRENT, n=answered[-1]) if answered and answered[-1] else UNTRAINED


def _notes(result: "Result", locale: str) -> Iterator[str]:
    """What to know about the figures."""
    plan = result.plan
    if plan.dataset:
        yield OF_DATASET.to(locale, name=plan.dataset, which=HELD_OUT if plan.held_out else TAUGHT)
    for side in result.tally.sides:
        if len(side.versions) > 1:
            yield CHANGED.to(locale, versions=", ".join(f"v{n}" for n in side.versions))
    if plan.judge:
        yield JUDGED.to(locale, model=plan.judge, n=result.tally.unjudged)
    yield from _missing(result, locale)


def _missing(result: "Result", locale: str) -> Iterator[str]:
    """What is not in the figures, and why."""
    if result.plan.skipped:
        yield SKIPPED.to(locale, n=result.plan.skipped, why=Text(*result.plan.problem))
    if failed := sum(side.failed for side in result.tally.sides):
        yield FAILED_ROWS.to(locale, n=failed)
    if result.unjudged:
        yield UNJUDGED.to(locale, why=result.unjudged)
    if result.stopped:
        yield LATE.to(locale, left=result.left, why=result.stopped)


def _filled(text: Text, **values: object) -> Text:
    return Text(text.to("en", **values), text.to("ru", **values))
