"""From rows to a version."""

import io
import json
from collections.abc import Sequence

import numpy as np

from protege.datasets.pairing import paired
from protege.datasets.rows import Row
from protege.errors import Conflict, UserError
from protege.learning import Lesson, Vectors
from protege.learning.evaluation import evaluate as measure
from protege.learning.model import deduplicate
from protege.learning.model import fit as train
from protege.lessons import stamp
from protege.models import Pointer
from protege.text import Text
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps.workshop import Workshop

CHUNK = 256
"""Texts embedded between two signs of life: three to ten seconds on one core."""
NOTHING_LEARNT = Text(
    en="Nothing in the data could be learnt.", ru="В данных нет ничего, чему можно научиться."
)


def validate(shop: Workshop, job: Job) -> Job:
    """Nothing is left to check."""
    return shop.jobs.save(job, step=next_step(job))


def gate(shop: Workshop, job: Job) -> Job:
    """Fitted with the rest."""
    return shop.jobs.save(job, step=next_step(job))


def snapshot(shop: Workshop, job: Job) -> Job:
    """Gather what is known and what is new; only texts that have no vector are embedded."""
    pointer = shop.models.pointer(job.space)
    known, vectors = _known(shop, job.space, pointer)
    fresh = [_lesson(job, n, row) for n, row in enumerate(paired(shop.jobs.rows(job)))]
    lessons, dropped = deduplicate([*known, *fresh])
    if not lessons:
        raise UserError(NOTHING_LEARNT)
    kept = {lesson.id for lesson in lessons}
    _write_lessons(shop, job, lessons)
    index = [i for i, lesson in enumerate(known) if lesson.id in kept]
    _write(shop, job, "known.npy", vectors[index])
    report = {**job.report, "duplicates": len(dropped), "lessons": len(lessons)}
    return shop.jobs.save(
        job,
        step=next_step(job),
        done=0,
        total=len(lessons) - len(index),
        parent=pointer.version,
        revision=pointer.revision,
        report=report,
    )


def _known(shop: Workshop, space: str, pointer: Pointer) -> tuple[list[Lesson], Vectors]:
    current = shop.models.current(space, pointer)
    return list(current.model.lessons), current.model.vectors


def embed(shop: Workshop, job: Job) -> Job:
    known = len(_array(shop, job, "known.npy"))
    fresh = _read_lessons(shop, job)[known:]
    chunk = fresh[job.done : job.done + CHUNK]
    if chunk:
        vectors = shop.embedder().embed([lesson.input for lesson in chunk])
        _write(shop, job, f"{_chunks(job)}{job.done:07d}.npy", vectors)
    done = job.done + len(chunk)
    return shop.jobs.save(job, done=done, step=next_step(job) if done >= len(fresh) else "embed")


def fit(shop: Workshop, job: Job) -> Job:
    model = train(_read_lessons(shop, job), _vectors(shop, job), embedder_id=shop.embedder().id)
    for name, body in model.files().items():
        shop.files.write(f"{job.folder}{_model(job)}{name}", body)
    return shop.jobs.save(job, step=next_step(job))


def evaluate(shop: Workshop, job: Job) -> Job:
    """Ask a model trained on a part of the lessons about the rest."""
    embedder = shop.embedder()
    lessons, vectors = _read_lessons(shop, job), _vectors(shop, job)
    measured = measure(lessons, vectors, embedder_id=embedder.id, embedder=embedder)
    return shop.jobs.save(job, step=next_step(job), report={**job.report, "evaluation": measured})


def publish(shop: Workshop, job: Job) -> Job:
    """Write the version, make it the active one.

    Should another job have become active meanwhile, this one begins again on top of it.
    """
    embedder = shop.embedder()
    version = shop.models.reserve(job.space, f"{job.id}@{job.revision}")
    about = {
        "job": job.id,
        "parent": job.parent,
        "author": job.author,
        "embedder": embedder.id,
        "dims": embedder.dims,
        **job.report,
    }
    files = {**_fitted(shop, job), "instruction.md": shop.instructions.text(job.space).encode()}
    shop.models.publish(job.space, version, files, about)
    try:
        _activate(shop, job, version)
    except Conflict:
        return shop.jobs.save(job, step="snapshot")
    return shop.jobs.save(job, state="ending", step="done", version=version)


def _fitted(shop: Workshop, job: Job) -> dict[str, bytes]:
    folder = job.folder + _model(job)
    return {name[len(folder) :]: shop.files.read(name) for name in shop.files.names(folder)}


def _activate(shop: Workshop, job: Job, version: int) -> None:
    try:
        shop.models.activate(job.space, version, job.revision)
    except Conflict:
        if shop.models.pointer(job.space).version != version:
            raise


def _vectors(shop: Workshop, job: Job) -> Vectors:
    names = sorted(shop.files.names(job.folder + _chunks(job)))
    fresh = [_load(shop.files.read(name)) for name in names]
    return np.vstack([_array(shop, job, "known.npy"), *fresh])


def _write_lessons(shop: Workshop, job: Job, lessons: Sequence[Lesson]) -> None:
    lines = (json.dumps(lesson._asdict(), ensure_ascii=False) + "\n" for lesson in lessons)
    shop.files.write(f"{job.folder}lessons.jsonl", "".join(lines).encode())


def _read_lessons(shop: Workshop, job: Job) -> list[Lesson]:
    body = shop.files.read(f"{job.folder}lessons.jsonl").decode()
    return [Lesson(**json.loads(line)) for line in body.split("\n") if line]


def _write(shop: Workshop, job: Job, name: str, array: Vectors) -> None:
    out = io.BytesIO()
    np.save(out, array.astype(np.float32), allow_pickle=False)
    shop.files.write(job.folder + name, out.getvalue())


def _array(shop: Workshop, job: Job, name: str) -> Vectors:
    return _load(shop.files.read(job.folder + name))


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
