"""The steps of a training job. Each can be repeated after a crash without harm."""

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from protege.datasets.pairing import paired
from protege.datasets.rows import Row
from protege.errors import Conflict, UserError
from protege.learning import Embedder, Lesson, Vectors
from protege.learning.evaluation import evaluate
from protege.learning.model import deduplicate, fit
from protege.lessons import Lessons, stamp
from protege.models import Models, Pointer
from protege.storage import Files
from protege.text import Text
from protege.training.jobs import Job, Jobs

CHUNK = 256
"""Texts embedded between two signs of life: three to ten seconds on one core."""
NOTHING_LEARNT = Text(
    en="Nothing in the data could be learnt.", ru="В данных нет ничего, чему можно научиться."
)


class Training:
    """Takes a job from its rows to an active model version."""

    def __init__(
        self,
        files: Files,
        jobs: Jobs,
        models: Models,
        lessons: Lessons,
        embedder: Callable[[], Embedder],
        instruction: Callable[[str], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._jobs = jobs
        self._models = models
        self._lessons = lessons
        self._embedder = embedder
        self._instruction = instruction
        self._now = now

    def advance(self, space: str, id: str) -> Iterator[Job]:
        """Take a job further, yielding it after each step until it is `ending`.

        Stop iterating at any point: the next call goes on from there. Raises Missing.
        """
        job = self._jobs.get(space, id)
        steps = {
            "prepare": self._prepare,
            "embed": self._embed,
            "fit": self._fit,
            "measure": self._measure,
            "publish": self._publish,
        }
        while job.state == "running":
            try:
                job = steps[job.step](job)
            except UserError as error:
                job = self._jobs.save(job, state="ending", error=error.text._asdict())
            yield job

    def _prepare(self, job: Job) -> Job:
        """Gather what is known and what is new; only texts that have no vector are embedded."""
        pointer = self._models.pointer(job.space)
        known, vectors = self._known(job.space, pointer)
        fresh = [_lesson(job, n, row) for n, row in enumerate(paired(self._jobs.rows(job)))]
        lessons, dropped = deduplicate([*known, *fresh])
        if not lessons:
            raise UserError(NOTHING_LEARNT)
        kept = {lesson.id for lesson in lessons}
        self._write_lessons(job, lessons)
        index = [i for i, lesson in enumerate(known) if lesson.id in kept]
        self._write(job, "known.npy", vectors[index])
        report = {**job.report, "duplicates": len(dropped), "lessons": len(lessons)}
        return self._jobs.save(
            job,
            step="embed",
            done=0,
            total=len(lessons) - len(index),
            parent=pointer.version,
            revision=pointer.revision,
            report=report,
        )

    def _known(self, space: str, pointer: Pointer) -> tuple[list[Lesson], Vectors]:
        current = self._models.current(space, pointer)
        return list(current.model.lessons), current.model.vectors

    def _embed(self, job: Job) -> Job:
        known = len(self._array(job, "known.npy"))
        fresh = self._read_lessons(job)[known:]
        chunk = fresh[job.done : job.done + CHUNK]
        if chunk:
            vectors = self._embedder().embed([lesson.input for lesson in chunk])
            self._write(job, f"{_chunks(job)}{job.done:07d}.npy", vectors)
        done = job.done + len(chunk)
        return self._jobs.save(job, done=done, step="embed" if done < len(fresh) else "fit")

    def _fit(self, job: Job) -> Job:
        model = fit(self._read_lessons(job), self._vectors(job), embedder_id=self._embedder().id)
        for name, body in model.files().items():
            self._files.write(f"{job.folder}{_model(job)}{name}", body)
        return self._jobs.save(job, step="measure")

    def _measure(self, job: Job) -> Job:
        """Ask a model trained on a part of the lessons about the rest."""
        embedder = self._embedder()
        lessons, vectors = self._read_lessons(job), self._vectors(job)
        measured = evaluate(lessons, vectors, embedder_id=embedder.id, embedder=embedder)
        return self._jobs.save(job, step="publish", report={**job.report, "evaluation": measured})

    def _publish(self, job: Job) -> Job:
        """Write the version, make it the active one.

        Should another job have become active meanwhile, this one begins again on top of it.
        """
        embedder = self._embedder()
        version = self._models.reserve(job.space, f"{job.id}@{job.revision}")
        about = {
            "job": job.id,
            "parent": job.parent,
            "author": job.author,
            "embedder": embedder.id,
            "dims": embedder.dims,
            **job.report,
        }
        files = {**self._fitted(job), "instruction.md": self._instruction(job.space).encode()}
        self._models.publish(job.space, version, files, about)
        try:
            self._activate(job, version)
        except Conflict:
            return self._jobs.save(job, step="prepare")
        return self._jobs.save(job, state="ending", step="done", version=version)

    def _fitted(self, job: Job) -> dict[str, bytes]:
        folder = job.folder + _model(job)
        return {name[len(folder) :]: self._files.read(name) for name in self._files.names(folder)}

    def _activate(self, job: Job, version: int) -> None:
        try:
            self._models.activate(job.space, version, job.revision)
        except Conflict:
            if self._models.pointer(job.space).version != version:
                raise

    def _vectors(self, job: Job) -> Vectors:
        names = sorted(self._files.names(job.folder + _chunks(job)))
        fresh = [_load(self._files.read(name)) for name in names]
        return np.vstack([self._array(job, "known.npy"), *fresh])

    def _write_lessons(self, job: Job, lessons: Sequence[Lesson]) -> None:
        lines = (json.dumps(lesson._asdict(), ensure_ascii=False) + "\n" for lesson in lessons)
        self._files.write(f"{job.folder}lessons.jsonl", "".join(lines).encode())

    def _read_lessons(self, job: Job) -> list[Lesson]:
        body = self._files.read(f"{job.folder}lessons.jsonl").decode()
        return [Lesson(**json.loads(line)) for line in body.split("\n") if line]

    def _write(self, job: Job, name: str, array: Vectors) -> None:
        out = io.BytesIO()
        np.save(out, array.astype(np.float32), allow_pickle=False)
        self._files.write(job.folder + name, out.getvalue())

    def _array(self, job: Job, name: str) -> Vectors:
        return _load(self._files.read(job.folder + name))


def _chunks(job: Job) -> str:
    """Names of embedded chunks; a job that began again on another parent has others."""
    return f"vectors-{job.revision:06d}-"


def _model(job: Job) -> str:
    """Folder of the fitted model, likewise one for each parent."""
    return f"model-{job.revision:06d}/"


def _load(body: bytes) -> Vectors:
    found: Vectors = np.load(io.BytesIO(body), allow_pickle=False)
    return found


def _lesson(job: Job, number: int, row: Row) -> Lesson:
    """A row as a lesson by whoever gave it, else by whoever started the job."""
    id = f"{stamp(job.started_at)}-{job.id}-{number:07d}"
    source = f"job {job.id} {row.file}".rstrip()
    return Lesson(id, row.input, row.good, row.bad, "example", row.author or job.author, source)
