"""Two versions on the very same questions, each as if it had never been taught those."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Literal, NamedTuple

from protege.learning import Embedder, Lesson
from protege.learning.evaluation import compared
from protege.learning.exams import Candidate, Exam, candidate, exam
from protege.learning.model import Model
from protege.learning.rehearsal import answer_of, rehearse
from protege.models import Models
from protege.statistics import Sum, difference

SAMPLES = 3
WORK = 30_000_000
"""Questions times lessons of both versions: some 25 s of a busy core."""
LEAST = 100
PIECE = 50
Kind = Literal["right", "wrong", "refused"]


class Said(NamedTuple):
    """What one version said. `text` is empty where it refused."""

    kind: Kind
    text: str


class Changed(NamedTuple):
    """A question to which one version gives the right answer, and the other does not."""

    question: str
    right: str
    first: Said
    second: Said


class Counts(NamedTuple):
    """How many questions a version answered rightly, wrongly, not at all."""

    right: int = 0
    wrong: int = 0
    refused: int = 0

    def plus(self, kind: Kind) -> "Counts":
        """With one more."""
        return self._replace(**{kind: getattr(self, kind) + 1})


class Comparison(NamedTuple):
    """What came out. `method`: see `learning.evaluation.evaluate`; `none`: nothing to ask."""

    method: str
    rows: int
    left_out: int
    """Questions that there was no time for."""
    first: Counts
    second: Counts
    better: list[Changed]
    """Some of those that only the second answers rightly."""
    worse: list[Changed]
    outcome: dict[str, Any]
    """`learning.evaluation.compared`, the second being the new one."""

    @property
    def difference(self) -> tuple[float, float, float]:
        """How much larger the second's share of right answers is, -1 to 1, with a 95 % interval."""
        gained, lost = self.outcome["gained"], self.outcome["lost"]
        found = difference(Sum(self.rows, gained - lost, gained + lost), shares=True)
        return (found.value, found.low, found.high) if found else (0.0, -1.0, 1.0)


class Comparing:
    """Compares versions of a guild."""

    def __init__(self, models: Models, embedder: Callable[[], Embedder]) -> None:
        self._models = models
        self._embedder = embedder

    def compare(self, space: str, first: int, second: int) -> Comparison:
        """Ask both what the later one was taught, at most 1,000 questions of it.

        Raises Missing, OtherEmbedder.
        """
        models = {n: self._models.load(space, n) for n in (first, second)}
        source = models[max(first, second)]
        asking = exam(source.known.shelf.columns, variants=True)
        most = _most(list(models.values()))
        asked = asking._replace(rows=asking.rows[:most])
        candidates = (candidate(models[n], asked.method) for n in (first, second))
        found = self._both(source, asked, *candidates) if len(asked.rows) else iter(())
        return _summed(asked.method, found, len(asking.rows) - len(asked.rows))

    def _both(
        self, source: Model, asking: Exam, first: Candidate, second: Candidate
    ) -> Iterator[Changed]:
        for start in range(0, len(asking.rows), PIECE):
            rows = asking.rows[start : start + PIECE]
            lessons, vectors = asking.questions(source, rows, self._embedder())
            one = _said(first, lessons, rehearse(first.known, lessons, vectors))
            two = _said(second, lessons, rehearse(second.known, lessons, vectors))
            for lesson, a, b in zip(lessons, one, two, strict=True):
                yield Changed(lesson.input, lesson.good, a, b)


def _most(models: list[Model]) -> int:
    return max(LEAST, WORK // max(1, sum(model.size for model in models)))


def _said(candidate: Candidate, lessons: list[Lesson], found: Any) -> Iterator[Said]:
    for lesson, one in zip(lessons, found, strict=True):
        choice = one.taught
        if choice is None or choice.score < candidate.threshold:
            yield Said("refused", "")
        else:
            right = answer_of(choice.lesson) == answer_of(lesson)
            yield Said("right" if right else "wrong", choice.lesson.good)


def _summed(method: str, found: Iterator[Changed], left_out: int) -> Comparison:
    first, second, every = Counts(), Counts(), []
    for one in found:
        first, second = first.plus(one.first.kind), second.plus(one.second.kind)
        every.append(one)
    old = [one.first.kind == "right" for one in every]
    new = [one.second.kind == "right" for one in every]
    better = (one for one, a, b in zip(every, old, new, strict=True) if b and not a)
    worse = (one for one, a, b in zip(every, old, new, strict=True) if a and not b)
    samples = list(islice(better, SAMPLES)), list(islice(worse, SAMPLES))
    return Comparison(method, len(every), left_out, first, second, *samples, compared(new, old))
