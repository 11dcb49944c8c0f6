"""What training fits: how rare n-grams are, the heads, and the thresholds of the gate."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.columns import Columns, Mask, Rows
from protege.learning.gate import fitted
from protege.learning.head import STEPS, Course, Head, begun, further
from protege.learning.index import Index
from protege.learning.knowledge import Knowledge
from protege.learning.ngrams import grams, rarity
from protege.learning.rehearsal import answer_of, rehearse

MOST_CLASSES = 1000
GROUPED = 3
"""Rows an answer has on average in data that a head can learn from."""
SAMPLE = 400
"""Lessons whose scores a threshold is fitted to: its error is below 0.02 then."""

Progress = Callable[[float], None]


class Trial(NamedTuple):
    """What makes a model answer as if held-out questions had never been taught."""

    head: Head | None
    threshold: float


class Heads(NamedTuple):
    """A head cannot be asked about what it saw, so each gate is fitted with a smaller one."""

    final: Head | None
    trial: Head | None
    """Without the questions held out."""
    inner: Head | None
    """Without another fifth either."""


class Classes(NamedTuple):
    """What a head learns: `classes[i]` is the class of lesson `rows[i]`; `examples[c]` is a lesson
    with the answer of class c."""

    rows: Rows
    classes: Rows
    examples: Rows


class Probe(NamedTuple):
    """Scores of a lesson's own question: `taught` None where it did not get its answer."""

    taught: float | None
    untaught: float


def shelved(lessons: Sequence[Lesson], vectors: Vectors, embedder_id: str) -> Knowledge:
    """Lessons in an index, without a head."""
    rare = rarity([grams(lesson.input) for lesson in lessons])
    shelf = Index.of(lessons, np.asarray(vectors, np.float32), rare)
    return Knowledge(shelf, rare, None, embedder_id)


def seen(columns: Columns, which: str) -> Mask:
    """The lessons that a head (a field of Heads) learns from."""
    if which == "final":
        return np.ones(columns.size, bool)
    outside = ~columns.held_out()
    return outside if which == "trial" else outside & ~columns.inner()


def classes_of(columns: Columns, which: str) -> Classes | None:
    """What a head is to learn where several questions share an answer; None where that is not so,
    or too seldom, or there are more answers than it can tell apart."""
    rows = np.flatnonzero(seen(columns, which) & (columns.answers != 0))
    _, given, counts = np.unique(columns.answers[rows], return_inverse=True, return_counts=True)
    several = counts[given] > 1
    rows, given = rows[several], given[several]
    _, examples, classes = np.unique(given, return_index=True, return_inverse=True)
    labels = len(examples)
    if not 2 <= labels <= MOST_CLASSES or len(rows) < GROUPED * labels:
        return None
    return Classes(rows, classes.astype(np.int64), rows[examples])


def start(known: Knowledge, found: Classes) -> Course:
    """The training of a head before its first step."""
    return begun(known.shelf.table.shape[1], len(found.examples))


def step(known: Knowledge, found: Classes, course: Course) -> Course:
    """One step further."""
    take = known.shelf.table.take
    return further(course, lambda rows: take(found.rows[rows]), found.classes)


def headed(known: Knowledge, found: Classes, course: Course) -> Head:
    """The head that a finished training gives."""
    labels = [answer_of(known.shelf.lessons[int(row)]) for row in found.examples]
    return Head(course.weights, labels)


def fit_heads(known: Knowledge, progress: Progress) -> Heads:
    """All heads, where there is something for them to learn."""
    names = Heads._fields
    return Heads(*(_fit_head(known, n, _part(progress, n)) for n in names))


def _part(progress: Progress, which: str) -> Progress:
    """One head's share of the whole."""
    done, all_ = Heads._fields.index(which), len(Heads._fields)
    return lambda share: progress((done + share) / all_)


def _fit_head(known: Knowledge, which: str, progress: Progress) -> Head | None:
    found = classes_of(known.shelf.columns, which)
    if found is None:
        return None
    course = start(known, found)
    while not course.over:
        course = step(known, found, course)
        progress(course.step / STEPS)
    return headed(known, found, course)


def rehearsing(known: Knowledge, heads: Heads, which: str) -> tuple[Knowledge, Rows]:
    """What is asked, and about which lessons, to fit the gate of the `final` or `trial` model."""
    columns = known.shelf.columns
    outside, folds = ~columns.held_out(), columns.inner()
    if which == "final":
        asked = columns.held_out() if heads.final else np.ones(columns.size, bool)
        known = known._replace(head=heads.trial)
    else:
        asked = outside & folds if heads.trial else outside
        known = known._replace(head=heads.inner, shelf=known.shelf.without(~outside))
    rows = columns.by_draw()
    return known, rows[asked[rows]][:SAMPLE]


def probe(known: Knowledge, rows: Rows) -> list[Probe]:
    """Ask about some of the lessons known."""
    lessons = [known.shelf.lessons[int(row)] for row in rows]
    found = []
    asked = rehearse(known, lessons, known.shelf.table.take(rows)) if lessons else ()
    for lesson, rehearsed in zip(lessons, asked, strict=True):
        choice = rehearsed.taught
        right = choice is not None and answer_of(choice.lesson) == answer_of(lesson)
        found.append(Probe(choice.score if choice and right else None, rehearsed.untaught))
    return found


def threshold(known: Knowledge, probes: Sequence[Probe]) -> float:
    """The gate's threshold for what lessons scored."""
    taught = [one.taught for one in probes if one.taught is not None]
    alone = known.shelf.size - len(known.shelf.hidden) < 2
    return fitted(taught, [] if alone else [one.untaught for one in probes])


def fit_threshold(known: Knowledge, heads: Heads, which: str) -> float:
    """All of it at once."""
    asked, rows = rehearsing(known, heads, which)
    return threshold(asked, probe(asked, rows))


def fit_plain(known: Knowledge) -> float:
    """The threshold for knowledge without heads."""
    return fit_threshold(known, Heads(None, None, None), "final")
