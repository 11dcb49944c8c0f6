"""The step that takes longest: new questions become vectors."""

from collections.abc import Callable, Iterator

import numpy as np

from protege.learning import Vectors, npy
from protege.learning.tables import Small, Stored, blocks
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.desks import Desk
from protege.training.steps.snapshot import KNOWN, PLACES
from protege.training.steps.workshop import Workshop

CHUNK = 256
"""Texts embedded between two signs of life: three to ten seconds on one core."""
PIECES = "vectors-"


def embed(shop: Workshop, job: Job) -> Job:
    """Embed the next CHUNK of new questions; after the last, put all vectors into one file.

    Raises UserError where that costs more than the budget has; tried again, it goes on from there.
    """
    desk, known = shop.desks.of(job), job.scratch["known"]
    if job.done >= job.total:
        _assemble(shop, desk, known)
        return shop.jobs.save(job, step=next_step(job), done=0, total=0, scratch={})
    shop.spending.check_embedding(job.space)
    first = known + job.done
    texts = [lesson.input for lesson in drafts.lessons(desk)[first : first + CHUNK]]
    vectors = np.ascontiguousarray(shop.embedder().embed(texts), np.float32)
    desk.write(f"{PIECES}{job.done:07d}.npy", npy.packed(vectors))
    return shop.jobs.save(job, done=job.done + len(texts))


def _assemble(shop: Workshop, desk: Desk, known: int) -> None:
    """In the lessons' order: vectors known before, then new ones."""
    places = desk.array(PLACES)[:known]
    shape = len(drafts.lessons(desk)), shop.embedder().dims

    def rows() -> Iterator[Vectors]:
        before = Stored(desk.local(KNOWN))
        for block in blocks(known):
            yield before.take(places[block])
        for name in desk.names(PIECES):
            yield desk.array(name)

    if not shop.int8:
        desk.write_stream(drafts.INDEX, _file(npy.header(np.float32, shape), rows, _whole))
    else:
        desk.write_stream(drafts.INDEX, _file(npy.header(np.int8, shape), rows, _values))
        scales = npy.header(np.float32, (shape[0], 1))
        desk.write_stream(drafts.SCALES, _file(scales, rows, _scales))
    desk.release(KNOWN)


def _file(
    header: bytes, rows: Callable[[], Iterator[Vectors]], of: Callable[[Vectors], bytes]
) -> Iterator[bytes]:
    yield header
    for some in rows():
        yield of(some)


def _whole(rows: Vectors) -> bytes:
    return np.ascontiguousarray(rows, np.float32).tobytes()


def _values(rows: Vectors) -> bytes:
    return Small.of(rows).values.tobytes()


def _scales(rows: Vectors) -> bytes:
    return Small.of(rows).scales.tobytes()
