"""What the drafts of a job hold, as the learning sees it."""

import json
from collections.abc import Callable

import numpy as np

from protege.learning import Embedder, npy
from protege.learning.artefact import read_head, read_table
from protege.learning.columns import Columns
from protege.learning.counting import Part
from protege.learning.fitting import Heads, Trial
from protege.learning.head import Head
from protege.learning.index import Index
from protege.learning.knowledge import Knowledge
from protege.learning.lines import Lines
from protege.learning.model import Model
from protege.learning.ngrams import NOTHING_SEEN, Postings, from_arrays
from protege.learning.tables import Dense, Stored, Table
from protege.training.steps.desks import MODEL, Desk

LESSONS, COLUMNS = f"{MODEL}lessons.jsonl", f"{MODEL}columns.npy"
INDEX, SCALES, NGRAMS = f"{MODEL}index.npy", f"{MODEL}scales.npy", f"{MODEL}ngrams.npz"
FIT, GRAMS = f"{MODEL}fit.json", "grams-"
HEADS = {"final": f"{MODEL}head.npz", "trial": f"{MODEL}trial.npz", "inner": "inner.npz"}
MOST_BYTES = 32 << 20
"""Vectors that a job holds in memory; more of them stay on the disk."""


def lessons(desk: Desk) -> Lines:
    """What the version will hold."""
    return desk.keep("lessons", lambda: Lines(desk.local(LESSONS)))


def columns(desk: Desk) -> Columns:
    """The lessons' columns."""
    return desk.keep("columns", lambda: Columns.stacked(desk.array(COLUMNS)))


def table(desk: Desk) -> Table:
    """The lessons' vectors."""

    def make() -> Table:
        if desk.names(SCALES):
            return read_table({"index.npy": desk.read(INDEX), "scales.npy": desk.read(SCALES)})
        found = Stored(desk.local(INDEX))
        rows, dims = found.shape
        if 4 * rows * dims > MOST_BYTES:
            return found
        return Dense(found.take(slice(None)))

    return desk.keep("table", make)


def plain(desk: Desk, embedder: Embedder) -> Knowledge:
    """The lessons without their n-grams: enough to fit heads."""
    nothing = Postings.of([])._replace(size=len(lessons(desk)))
    shelf = Index(lessons(desk), columns(desk), table(desk), nothing, np.empty(0, np.int64))
    return Knowledge(shelf, NOTHING_SEEN, None, embedder.id)


def knowledge(desk: Desk, embedder: Embedder) -> Knowledge:
    """The lessons as they will be searched, without a head."""

    def make() -> Knowledge:
        desk.local(NGRAMS)
        with np.load(desk.scratch(NGRAMS), allow_pickle=False) as found:
            postings, rare = from_arrays(found)
        desk.release(NGRAMS)
        known = plain(desk, embedder)
        return known._replace(shelf=known.shelf._replace(postings=postings), rare=rare)

    return desk.keep("knowledge", make)


def heads(desk: Desk) -> Heads:
    """All heads that were fitted."""

    def read(which: str) -> Head | None:
        name = HEADS[which]
        return read_head({name: desk.read(name)} if desk.names(name) else {}, name, lessons(desk))

    return desk.keep("heads", lambda: Heads(*map(read, Heads._fields)))


def model(desk: Desk, embedder: Embedder) -> Model:
    """The version as it will answer. Raises Missing before its gate is fitted."""

    def make() -> Model:
        said = json.loads(desk.read(FIT))
        known = knowledge(desk, embedder)._replace(head=heads(desk).final)
        trial = Trial(heads(desk).trial, said["trial_threshold"])
        return Model(known, said["threshold"], trial)

    return desk.keep("model", make)


def parts(desk: Desk) -> list[Callable[[], Part]]:
    """The counted n-grams, each part read when called."""

    def reader(name: str) -> Callable[[], Part]:
        return lambda: Part(**npy.unbundled(desk.read(name)))

    return [reader(name) for name in desk.names(GRAMS)]
