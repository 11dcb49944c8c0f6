"""First steps: what is known and what is new, frozen; then each lesson once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from protege.datasets.pairing import paired_streams
from protege.datasets.rows import Row
from protege.errors import UserError
from protege.learning import Lesson, npy
from protege.learning.columns import Columns, Gathering
from protege.learning.duplicates import kept
from protege.learning.index import Index
from protege.learning.lines import Lines, line, raws
from protege.learning.tables import blocks
from protege.lessons import Correction, stamp
from protege.models import Pointer, Taught
from protege.text import Text
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps.drafts import COLUMNS, LESSONS
from protege.training.steps.workshop import Workshop

ALL, ALL_COLUMNS, KNOWN, PLACES = "all.jsonl", "all.npy", "known.npy", "places.npy"
NOTHING_LEARNT = Text(
    en="Nothing in the data could be learnt.", ru="В данных нет ничего, чему можно научиться."
)


class Known(NamedTuple):
    """What was taught before, by whether its vectors can be used."""

    shelf: Index
    corrections: Sequence[Correction]
    anew: Sequence[Lesson]
    """Lessons whose vectors another embedder made."""

    @classmethod
    def of(cls, taught: Taught, embedder_id: str) -> "Known":
        """Sort what was taught."""
        shelf, corrections = taught.model.known.shelf, taught.corrections
        mine = [c for c in corrections if c.embedder == embedder_id]
        anew = [c.lesson for c in corrections if c.embedder != embedder_id]
        if taught.model.embedder_id != embedder_id:
            anew = [*taught.model.lessons, *anew]
            shelf = shelf._replace(hidden=np.arange(shelf.size))
        return cls(shelf, mine, anew)

    @property
    def size(self) -> int:
        """How many need not be embedded again."""
        return self.shelf.size - len(self.shelf.hidden) + len(self.corrections)

    def vectors(self, dims: int) -> Iterator[bytes]:
        """Their vectors as an array's file."""
        yield npy.header(np.float32, (self.size, dims))
        shown = self.shelf.shown()
        for block in blocks(len(shown)):
            yield self.shelf.table.take(shown[block]).tobytes()
        for correction in self.corrections:
            yield correction.vector.tobytes()

    def lines(self, fresh: Iterable[Lesson], gathering: Gathering) -> Iterator[bytes]:
        """All lessons, those with vectors first, and `fresh` ones last; those that the version did
        not know are noted in passing."""
        yield from raws(self.shelf.lessons, map(int, self.shelf.shown()))
        corrections = [correction.lesson for correction in self.corrections]
        for lesson in chain(corrections, self.anew, fresh):
            yield line(gathering.add(lesson))


def snapshot(shop: Workshop, job: Job) -> Job:
    """Freeze what the active version knows, later corrections, and the job's rows, in this order.

    Vectors of another embedder are left behind: such lessons are embedded again. A job that
    `rebuilds` a version begins with that one, and without later corrections.
    """
    pointer = shop.models.pointer(job.space)
    job = job._replace(parent=pointer.version, revision=pointer.revision)
    desk, embedder = shop.desks.anew(job), shop.embedder()
    known = Known.of(_taught(shop, job, pointer), embedder.id)
    gathering = Gathering()
    desk.write_stream(ALL, known.lines(_fresh(shop, job), gathering))
    columns = known.shelf.columns.take(known.shelf.shown()).joined(gathering.columns())
    if not columns.size:
        raise UserError(NOTHING_LEARNT)
    desk.write(ALL_COLUMNS, npy.packed(columns.matrix()))
    desk.write_stream(KNOWN, known.vectors(embedder.dims))
    scratch = {"known": known.size}
    return shop.jobs.save(job, step=next_step(job), done=0, total=0, scratch=scratch)


def _taught(shop: Workshop, job: Job, pointer: Pointer) -> Taught:
    rebuilds = job.report.get("rebuilds", 0)
    if not rebuilds:
        return shop.models.taught(job.space, pointer)
    return shop.models.taught(job.space, Pointer(rebuilds, 0))._replace(corrections=())


def validate(shop: Workshop, job: Job) -> Job:
    """Keep each lesson once (see `duplicates.kept`)."""
    desk = shop.desks.of(job)
    columns, lines = Columns.stacked(desk.array(ALL_COLUMNS)), Lines(desk.local(ALL))
    rows = np.flatnonzero(kept(columns, lambda row: lines[row].id))
    desk.write_stream(LESSONS, raws(lines, map(int, rows)))
    desk.write(COLUMNS, npy.packed(columns.take(rows).matrix()))
    desk.write(PLACES, npy.packed(rows))
    desk.release(ALL)
    known = int(np.searchsorted(rows, job.scratch["known"]))
    report = {**job.report, "duplicates": columns.size - len(rows), "lessons": len(rows)}
    return shop.jobs.save(
        job,
        step=next_step(job),
        done=0,
        total=len(rows) - known,
        report=report,
        scratch={"known": known},
    )


def _fresh(shop: Workshop, job: Job) -> Iterator[Lesson]:
    for number, row in enumerate(paired_streams(lambda: shop.jobs.rows(job))):
        yield _lesson(job, number, row)


def _lesson(job: Job, number: int, row: Row) -> Lesson:
    """A row as a lesson by whoever gave it, else by whoever started the job."""
    id = f"{stamp(job.started_at)}-{job.id}-{number:07d}"
    source = f"job {job.id} {row.file}".rstrip()
    return Lesson(id, row.input, row.good, row.bad, "example", row.author or job.author, source)
