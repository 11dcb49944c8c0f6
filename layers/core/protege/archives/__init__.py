"""Archives: a folder as a ZIP file, packed from files to a file in flat memory, in legs.

Each step stores one part of the upload and writes the course down; what is killed goes on after
the last part that was written down, and the archive comes out the same to the byte.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from protege.archives import plan
from protege.archives.course import Course
from protege.archives.output import Source, pieces
from protege.errors import Missing, UserError
from protege.shelves import VOICES
from protege.storage import Files
from protege.storage.limits import PARTS_MAX
from protege.text import Text
from protege.training.jobs import Job, Jobs

PART = 8 << 20
LARGEST_PART = 64 << 20
"""Bytes of a part: 8 MiB for up to some 70 GB, more for more, at most this."""
ROOM = 0.9
"""Parts that the files of a plan may need; headers and the directory need some too."""
NO_FILES = Text(
    en="There is no folder “{path}” with files here.", ru="Папки «{path}» с файлами здесь нет."
)
TOO_MUCH = Text(
    en="“{path}” has {size} GB: more than fits one archive. Archive the folders in it.",
    ru="В «{path}» {size} ГБ — это больше одного архива. Упакуйте папки внутри по отдельности.",
)


class Archives:
    """Packs folders; the steps of jobs of the kind `archive`."""

    def __init__(self, files: Files, jobs: Jobs) -> None:
        self._files = files
        self._jobs = jobs

    def find(self, space: str, path: str) -> str:
        """The folder that a person means, below `guilds/<space>/`; `datasets/` may be left out.

        `path` has been cleaned. Raises UserError.
        """
        for found in (path, f"datasets/{path}"):
            hidden = f"{found}/".startswith(VOICES)
            if not hidden and self._files.browse(f"guilds/{space}/{found}/", 1):
                return found
        raise UserError(NO_FILES, path=path)

    def start(self, job: Job, folder: str) -> Job:
        """Put a job on record that packs a folder found by `find`; it waits for its first leg."""
        name = folder.rpartition("/")[2]
        key = f"guilds/{job.space}/archives/{name}-{job.id}.zip"
        report = {"folder": folder, "key": key, "name": f"{name}.zip"}
        return self._jobs.record(job._replace(step="plan", report={**job.report, **report}))

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each part until it is `ending`.

        Stop iterating at any point: the next call goes on from there. Raises Missing.
        """
        job = self._jobs.get(space, id)
        steps: dict[str, Callable[[Job], Iterator[Job]]] = {
            "plan": self._plan,
            "pack": self._pack,
            "finish": self._finish,
        }
        while job.state == "running":
            try:
                for step in steps[job.step](job):
                    job = step
                    yield job
            except UserError as error:
                said = {lang: error.to(lang) for lang in ("en", "ru")}
                job = self._jobs.save(job, state="ending", error=said)
                yield job

    def drop(self, job: Job) -> None:
        """Forget all that an unfinished job has stored."""
        with suppress(Missing):
            course = Course.load(self._files.read(_course(job)))
            self._files.abandon(job.report["key"], course.upload)
        self.tidy(job)

    def tidy(self, job: Job) -> None:
        """Remove the working files of a job."""
        for key in list(self._files.names(job.folder)):
            self._files.delete(key, forever=True)

    def _plan(self, job: Job) -> Iterator[Job]:
        source = _source(job)
        totals = plan.write(self._files, source.plan, self._files.list(source.prefix))
        path = job.report["folder"]
        if not totals.files:
            raise UserError(NO_FILES, path=path)
        if _part(totals.size) > LARGEST_PART:
            raise UserError(TOO_MUCH, path=path, size=totals.size >> 30)
        self._begin(job)
        report = {**job.report, "files": totals.files}
        yield self._jobs.save(job, step="pack", total=totals.size, done=0, report=report)

    def _begin(self, job: Job) -> None:
        course = Course(upload=self._files.begin(job.report["key"]))
        self._files.write(_course(job), course.dump())

    def _pack(self, job: Job) -> Iterator[Job]:
        """One part after another. An upload that is gone (S3 keeps it a day) is begun again."""
        begun = Course.load(self._files.read(_course(job)))
        self._files.stat(_source(job).plan)
        try:
            for course in self._parts(job, begun):
                self._files.write(_course(job), course.dump())
                step = "finish" if course.over else "pack"
                report = {**job.report, **_counts(course)}
                job = self._jobs.save(job, step=step, done=course.done, failures=0, report=report)
                yield job
                if job.state != "running":
                    return
        except Missing:
            self._begin(job)
            yield self._jobs.save(job, done=0)

    def _parts(self, job: Job, course: Course) -> Iterator[Course]:
        """Store part after part; yield the course after each."""
        source, enough = _source(job), _part(job.total)
        body, before = bytearray(), course
        for piece in pieces(self._files, source, course):
            body += piece.body
            if len(body) < enough and not piece.course.over:
                continue
            number = len(before.tags) + 1
            tag = self._files.put_part(job.report["key"], before.upload, number, bytes(body))
            before = piece.course._replace(tags=(*before.tags, tag))
            body.clear()
            yield before

    def _finish(self, job: Job) -> Iterator[Job]:
        """All parts become the archive; they have already if we were killed just after that."""
        course = Course.load(self._files.read(_course(job)))
        key = job.report["key"]
        try:
            self._files.finish(key, course.upload, course.tags)
        except Missing:
            if not self._is_there(key, course.written):
                self._begin(job)
                yield self._jobs.save(job, step="pack", done=0)
                return
        report = {**job.report, "size": course.written}
        yield self._jobs.save(job, state="ending", step="done", report=report)

    def _is_there(self, key: str, size: int) -> bool:
        try:
            return self._files.stat(key).size == size
        except Missing:
            return False


def _counts(course: Course) -> dict[str, int]:
    return {"packed": course.entries, "vanished": course.vanished, "changed": course.changed}


def _course(job: Job) -> str:
    return f"{job.folder}course.json"


def _source(job: Job) -> Source:
    folder = f"guilds/{job.space}/{job.report['folder']}/"
    return Source(f"{job.folder}plan.jsonl", job.folder, folder)


def _part(size: int) -> int:
    """Bytes of one part, so that PARTS_MAX suffice; whole mebibytes."""
    needed = size / (ROOM * PARTS_MAX) / (1 << 20)
    return max(PART, (int(needed) + 1) << 20 if needed > PART >> 20 else PART)
