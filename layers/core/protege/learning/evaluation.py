"""How good the learning is on questions that it has not seen."""

from collections.abc import Iterable, Sequence
from math import comb
from typing import Any, NamedTuple

from protege.learning import Embedder, Lesson, Vectors
from protege.learning.exams import Candidate, Exam, candidate, exam
from protege.learning.fitting import Progress
from protege.learning.gate import separation
from protege.learning.model import Model, fit
from protege.learning.rehearsal import answer_of, rehearse
from protege.learning.wording import draw

CERTAIN = 0.05
"""How likely a difference must be by chance for us not to believe in it."""


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
    """Train a model and measure it on questions held out; the result can be stored as JSON.
    Shares are 0 to 1.

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

    How rare n-grams are is counted over all questions, also those held out.
    """
    model = fit(lessons, vectors, embedder_id=embedder_id, progress=progress)
    asking = exam(model.known.shelf.columns, variants=embedder is not None)
    if asking.method == "none":
        return summary(asking.method, 0.0, [])
    asked = candidate(model, asking.method)
    found = ask(asked, model, asking, embedder)
    return summary(asking.method, asked.threshold, found)


def ask(
    asked: Candidate, model: Model, asking: Exam, embedder: Embedder | None = None
) -> list[Asked]:
    """Ask a candidate what an exam made of `model` contains."""
    lessons, vectors = asking.questions(model, asking.rows, embedder)
    rehearsed = rehearse(asked.known, lessons, vectors, lexical=True) if lessons else ()
    found = []
    for lesson, one in zip(lessons, rehearsed, strict=True):
        answer = answer_of(lesson)
        found.append(
            Asked(
                right=one.taught is not None and answer_of(one.taught.lesson) == answer,
                score=one.taught.score if one.taught else 0.0,
                lexical=one.lexical is not None and answer_of(one.lexical.lesson) == answer,
                usual=draw(lesson.good) == asking.usual,
                untaught=one.untaught,
            )
        )
    return found


def summary(method: str, threshold: float, asked: Sequence[Asked]) -> dict[str, Any]:
    """The figures that `evaluate` describes."""
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
    rounded = {k: v if v is None else round(v, 4) for k, v in found.items()}
    return {"method": method, "rows": len(asked), **rounded, "baseline": _baseline(asked)}


def _baseline(asked: Sequence[Asked]) -> dict[str, float]:
    return {
        "majority": sum(one.usual for one in asked) / len(asked),
        "lexical": sum(one.lexical for one in asked) / len(asked),
    }


def right(asked: Iterable[Asked], threshold: float) -> list[bool]:
    """Which questions got their answer."""
    return [one.right and one.score >= threshold for one in asked]


def compared(new: Sequence[bool], old: Sequence[bool]) -> dict[str, Any]:
    """Two models on the very same questions: a one-sided sign test on those where they differ.

    `gained` and `lost`: questions that only the new, only the old answered right; `p`: how likely
    so many losses are if both are as good; `verdict`: `worse` where that is below 5 %, else
    `better` or `same` likewise. Source of the test: McNemar 1947, doi 10.1007/BF02295996, exact.
    """
    pairs = list(zip(new, old, strict=True))
    gained, lost = pairs.count((True, False)), pairs.count((False, True))
    worse, better = chance(lost, gained + lost), chance(gained, gained + lost)
    verdict = "worse" if worse < CERTAIN else "better" if better < CERTAIN else "same"
    return {
        "rows": len(pairs),
        "accuracy": round(sum(old) / len(old), 4) if pairs else None,
        "gained": gained,
        "lost": lost,
        "p": round(worse, 6),
        "verdict": verdict,
    }


def chance(heads: int, tosses: int) -> float:
    """How likely a fair coin shows at least so many heads."""
    return float(sum(comb(tosses, n) for n in range(heads, tosses + 1)) / 2**tosses)
