"""The step that learns: how rare n-grams are, then the heads, each in pieces."""

import time
from collections.abc import Callable

import numpy as np

from protege.learning import npy
from protege.learning.artefact import head_file
from protege.learning.counting import Part, index
from protege.learning.fitting import Classes, Heads, classes_of, headed, start, step
from protege.learning.head import STEPS, Course
from protege.learning.knowledge import Knowledge
from protege.learning.ngrams import arrays
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.desks import Desk
from protege.training.steps.workshop import Workshop

TEXTS = 4096
"""Questions whose n-grams are counted at once: half a second, and 3 MB."""
PIECE_S = 5.0
"""A head is trained for so long before it is stored."""


def fit(shop: Workshop, job: Job) -> Job:
    """The next piece. `scratch["part"]` is where it stands; which head, or `grams`, `spelling`."""
    desk = shop.desks.of(job)
    part = job.scratch.get("part", "grams")
    if part == "grams":
        return _count(shop, job, desk)
    if part == "spelling":
        _spell(desk)
        return _begun(shop, job, "final")
    return _learn(shop, job, desk, part)


def _begun(shop: Workshop, job: Job, part: str) -> Job:
    return shop.jobs.save(job, scratch={"part": part}, done=0, total=STEPS)


def _count(shop: Workshop, job: Job, desk: Desk) -> Job:
    lines = drafts.lessons(desk)
    some = (lines[row].input for row in range(job.done, min(job.done + TEXTS, len(lines))))
    desk.write(f"{drafts.GRAMS}{job.done:07d}.npz", npy.bundled(Part.of(some).arrays()))
    done = min(job.done + TEXTS, len(lines))
    if done == len(lines):
        return shop.jobs.save(job, scratch={"part": "spelling"}, done=done, total=done)
    return shop.jobs.save(job, done=done, total=len(lines))


def _spell(desk: Desk) -> None:
    """The index is too large to be packed in memory."""
    postings, rare = index(drafts.parts(desk))
    path = desk.scratch("ngrams.npz")
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays(postings, rare))
    with path.open("rb") as file:
        desk.write_stream(drafts.NGRAMS, iter(lambda: file.read(1 << 20), b""))
    path.unlink()


def _learn(shop: Workshop, job: Job, desk: Desk, which: str) -> Job:
    known = drafts.plain(desk, shop.embedder())
    found = desk.keep(f"classes-{which}", lambda: classes_of(known.shelf.columns, which))
    if found is not None:
        course = _further(desk, known, found, which)
        if not course.over:
            return shop.jobs.save(job, done=course.step, total=STEPS)
        file = head_file(headed(known, found, course), known.shelf.columns)
        desk.write(drafts.HEADS[which], file)
    names = Heads._fields
    if which != names[-1]:
        return _begun(shop, job, names[names.index(which) + 1])
    return shop.jobs.save(job, step=next_step(job), scratch={}, done=0, total=0)


def _further(desk: Desk, known: Knowledge, found: Classes, which: str) -> Course:
    """Train on from where the last piece ended."""
    name = f"course-{which}.npz"
    course = _course(desk, name, lambda: start(known, found))
    ends = time.monotonic() + PIECE_S
    while not course.over and time.monotonic() < ends:
        course = step(known, found, course)
    desk.write(name, npy.bundled(course._asdict()))
    return course


def _course(desk: Desk, name: str, begin: Callable[[], Course]) -> Course:
    if not desk.names(name):
        return begin()
    stored = npy.unbundled(desk.read(name))
    weights, mean, spread = (stored[name] for name in ("weights", "mean", "spread"))
    return Course(weights, mean, spread, int(stored["step"]), stored["trusted"])
