"""What an archive says while it is packed and when it is there."""

from typing import TYPE_CHECKING

from protege.commands.giving import shown
from protege.discord.reply import Reply
from protege.shapes import shaped
from protege.text import Text

if TYPE_CHECKING:
    from protege.sharing import Given
    from protege.training.jobs import Job

BAR = 12
STARTED = Text(
    "📦 Packing `{folder}` (job `{job}`).", "📦 Упаковываю `{folder}` (задание `{job}`)."
)
PROGRESS = Text(
    "{intro}\n`{bar}` {percent} % — {done} of {total} MB",
    "{intro}\n`{bar}` {percent} % — {done} из {total} МБ",
)
DONE = Text(
    "📦 `{folder}`: {files} files in one archive, kept as `{path}`.{problems}",
    "📦 `{folder}`: файлов в архиве: {files}; он лежит в `{path}`.{problems}",
)
VANISHED = Text(
    "\nDeleted meanwhile and not in it: {n} files.", "\nТем временем удалены и не вошли: {n}."
)
CHANGED = Text(
    "\nChanged while they were read: {n} files. Archive again to have them whole.",
    "\nИзменились во время чтения: {n}. Упакуйте снова, чтобы они были целыми.",
)
FAILED = Text("❌ `{folder}` was not packed: {why}", "❌ Не удалось упаковать `{folder}`: {why}")
WAITING = Text(
    "📦 <@{author}>, the archive of `{folder}` is ready: `/getfile file_path:{path}`",
    "📦 <@{author}>, архив `{folder}` готов: `/getfile file_path:{path}`",
)


def progress(job: "Job") -> Reply:
    """The message of `/archive` while it is packed."""
    share = job.done / job.total if job.total else 0.0
    filled = round(share * BAR)
    said = {
        "intro": job.intro,
        "bar": "█" * filled + "░" * (BAR - filled),
        "percent": round(share * 100),
        "done": round(job.done / 1e6, 1),
        "total": round(job.total / 1e6, 1),
    }
    return Reply(PROGRESS.to(job.locale, **said), private=True)


def finished(job: "Job", given: "Given") -> Reply:
    """The archive itself, or a link to it."""
    return shown(given, _done(job), job.locale)


def waiting(job: "Job") -> Reply:
    """For the channel, where the archive must not be shown."""
    said = {"author": job.author, "folder": job.report["folder"], "path": _path(job)}
    return Reply(WAITING.to(job.locale, **said))


def failed(job: "Job") -> Reply:
    """Why there is no archive."""
    why = shaped(Text, job.error)
    return Reply(FAILED.to(job.locale, folder=job.report["folder"], why=why), private=True)


def _done(job: "Job") -> str:
    report = job.report
    problems = [
        text.to(job.locale, n=report[name])
        for name, text in (("vanished", VANISHED), ("changed", CHANGED))
        if report[name]
    ]
    said = {"folder": report["folder"], "files": report["packed"], "path": _path(job)}
    return DONE.to(job.locale, **said, problems="".join(problems))


def _path(job: "Job") -> str:
    """The archive's path as `/getfile` takes it."""
    key: str = job.report["key"]
    return key.split("/", 2)[2]
