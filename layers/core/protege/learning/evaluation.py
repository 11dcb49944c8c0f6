"""How good the learning is on questions that it has not seen."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from protege.learning import Embedder, Lesson, Vectors
from protege.learning.fitting import FOLDS, Progress, fit_head, fit_threshold, shelved
from protege.learning.gate import separation
from protege.learning.rehearsal import Rehearsal, answer_of, by_draw
from protege.learning.variants import variant
from protege.learning.wording import draw

MOST_ROWS = 1000
"""Questions asked at most: the error of a share is below 0.02 then."""
MOST_VARIANTS = 100
FEW_ROWS, FEW_GROUPS = 100, 10


class Asked(NamedTuple):
    """One question, asked."""

    right: bool
    score: float
    lexical: bool
    """Whether spelling alone, without a gate, finds the answer."""
    usual: bool
    """Whether the answer given most often is the right one."""
    untaught: float
    """Score where the answer was taken away."""


def evaluate(
    lessons: Sequence[Lesson],
    vectors: Vectors,
    *,
    embedder_id: str,
    embedder: Embedder | None = None,
    progress: Progress = lambda share: None,
) -> dict[str, Any]:
    """Measure on held-out questions; the result can be stored as JSON. Shares are 0 to 1.

    * `method` says what was asked. `held-out`: a fifth of the questions whose answer has others,
      chosen by their text, so always the same ones; the rest is trained on. `leave-one-out`: with
      fewer than 100 such questions or 10 such answers each is asked as if it were unknown, without
      a head. `variants`: where every answer has one question (an FAQ) nothing can be held out; then
      questions are asked with a word missing or a slip of the pen. That is easier than what people
      ask, and shows only that the gate lets through what it should; it needs `embedder`. `none`:
      nothing could be asked, and `rows` is 0.
    * `rows` questions were asked; of them `accuracy` got the right answer, `wrong` a wrong one,
      `refused` none (the three add up to 1); `answered` is 1 - `refused`, `precision` the share of
      right ones among those answered, `top1` the accuracy without the gate.
    * `auroc`: how well the gate tells these questions from the same ones with their answers taken
      away, of which it refuses `untaught_refused`. Real untaught questions are farther off: both
      are lower bounds. None where nothing could be taken away.
    * `baseline`: on the same rows, the share right when always the most frequent answer is given
      (`majority`), and with spelling alone (`lexical`); both without a gate.
    * `threshold` is that of the model which was asked, not of the final one.
    """
    several = _several(lessons)
    if not several:
        return _variants(lessons, vectors, embedder_id, embedder)
    groups = {answer_of(lessons[row]) for row in several}
    if len(several) < FEW_ROWS or len(groups) < FEW_GROUPS:
        return _leave_one_out(lessons, vectors, embedder_id, several)
    return _held_out(lessons, vectors, embedder_id, several, progress)


def _several(lessons: Sequence[Lesson]) -> list[int]:
    """Rows whose answer other rows give too, in drawn order."""
    counts = Counter(answer_of(lesson) for lesson in lessons)
    return [row for row in by_draw(lessons) if counts[answer_of(lessons[row])] > 1]


def _held_out(
    lessons: Sequence[Lesson], vectors: Vectors, id: str, several: list[int], progress: Progress
) -> dict[str, Any]:
    held = {row for row in several if not draw(lessons[row].input) % FOLDS}
    rest = [row for row in range(len(lessons)) if row not in held]
    left = {answer_of(lessons[row]) for row in rest}
    training = [lessons[row] for row in rest]
    known = shelved(training, vectors[rest], id)
    head = fit_head(training, vectors[rest], lambda share: progress(0.5 * share))
    known = known._replace(head=head)
    threshold = fit_threshold(known, lambda share: progress(0.5 + 0.4 * share))
    rows = [row for row in several if row in held and answer_of(lessons[row]) in left]
    return _summary("held-out", threshold, _ask(Rehearsal(known), lessons, vectors, rows))


def _leave_one_out(
    lessons: Sequence[Lesson], vectors: Vectors, id: str, several: list[int]
) -> dict[str, Any]:
    known = shelved(lessons, vectors, id)
    threshold = fit_threshold(known, lambda share: None)
    asked = _ask(Rehearsal(known), lessons, vectors, several)
    return _summary("leave-one-out", threshold, asked)


def _variants(
    lessons: Sequence[Lesson], vectors: Vectors, id: str, embedder: Embedder | None
) -> dict[str, Any]:
    rows = by_draw(lessons)[:MOST_VARIANTS]
    if embedder is None or not rows:
        return {"method": "none", "rows": 0}
    known = shelved(lessons, vectors, id)
    threshold = fit_threshold(known, lambda share: None)
    changed = [lessons[row]._replace(input=variant(lessons[row].input)) for row in rows]
    asked = _ask(Rehearsal(known), changed, embedder.embed([lesson.input for lesson in changed]))
    return _summary("variants", threshold, asked)


def _ask(
    rehearsal: Rehearsal, lessons: Sequence[Lesson], vectors: Vectors, rows: Sequence[int] = ()
) -> list[Asked]:
    """Ask about some rows, or all."""
    usual = Counter(answer_of(lesson) for lesson in lessons if lesson.good).most_common(1)
    return [
        _asked(rehearsal, lessons[row], vectors[row], usual[0][0])
        for row in list(rows or range(len(lessons)))[:MOST_ROWS]
    ]


def _asked(rehearsal: Rehearsal, lesson: Lesson, vector: Vectors, usual: str) -> Asked:
    answer = answer_of(lesson)
    choice = rehearsal.taught(lesson, vector)
    lexical = rehearsal.taught(lesson, vector, lexical=True)
    return Asked(
        right=choice is not None and answer_of(choice.lesson) == answer,
        score=choice.score if choice else 0.0,
        lexical=lexical is not None and answer_of(lexical.lesson) == answer,
        usual=usual == answer,
        untaught=rehearsal.untaught(lesson, vector),
    )


def _summary(method: str, threshold: float, asked: list[Asked]) -> dict[str, Any]:
    if not asked:
        return {"method": "none", "rows": 0}
    answered = [one for one in asked if one.score >= threshold]
    right = sum(one.right for one in answered)
    found = {
        "accuracy": right / len(asked),
        "wrong": (len(answered) - right) / len(asked),
        "refused": 1 - len(answered) / len(asked),
        "answered": len(answered) / len(asked),
        "precision": right / len(answered) if answered else None,
        "top1": sum(one.right for one in asked) / len(asked),
        "auroc": separation([a.score for a in asked], [a.untaught for a in asked]),
        "untaught_refused": sum(a.untaught < threshold for a in asked) / len(asked),
        "threshold": threshold,
    }
    baseline = {
        "majority": sum(one.usual for one in asked) / len(asked),
        "lexical": sum(one.lexical for one in asked) / len(asked),
    }
    rounded = {k: v if v is None else round(v, 4) for k, v in found.items()}
    return {"method": method, "rows": len(asked), **rounded, "baseline": baseline}
