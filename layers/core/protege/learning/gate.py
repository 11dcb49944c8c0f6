"""The gate: from which score on a question counts as taught. Fitted at every training.

It lies halfway between two scores: one that nine of ten taught questions reach, and one that half
of the lessons reach when their own answer is taken away. The latter are harder than what people
really ask: on CLINC150 their middle score is near that of the ninth of ten real out-of-scope
questions, whether an answer has 1, 3, 10 or 150 examples. Measured there and on BANKING77 (with
CLINC150's out-of-scope questions), of the questions that find their answer 93-96 % pass where an
answer has 10 examples or more, 75-79 % where it has one, and 89-99 % of the others are refused. The
best threshold in hindsight moves from 0.21 to 0.50 meanwhile, so no constant would do.
"""

from collections.abc import Sequence

import numpy as np

PRIOR = 0.36
"""The threshold as long as one lesson is known. With this embedder paraphrases of a question score
above 0.4 and questions of another subject below 0.3 (19 of 20 each, tests/learning/faq.jsonl)."""
PRIOR_WEIGHT = 10
"""The prior counts as much as that many lessons."""
LOW_TAUGHT = 0.1
MIDDLE_UNTAUGHT = 0.5


def fitted(taught: Sequence[float], untaught: Sequence[float]) -> float:
    """The threshold. `taught`: scores of questions that got their answer; `untaught`: scores of
    questions whose answer was taken away. Both may be empty: what is missing is the prior's."""
    low, middle = _shrunk(taught, LOW_TAUGHT), _shrunk(untaught, MIDDLE_UNTAUGHT)
    return (low + middle) / 2


def separation(taught: Sequence[float], untaught: Sequence[float]) -> float | None:
    """AUROC: how often a taught question scores above an untaught one, ties counting half.

    0.5 is chance, 1 is perfect; None where either kind is missing.
    """
    if not taught or not untaught:
        return None
    below = np.sort(np.array(untaught))
    less = np.searchsorted(below, taught, "left") + np.searchsorted(below, taught, "right")
    return float(less.mean() / 2 / len(below))


def _shrunk(scores: Sequence[float], share: float) -> float:
    if not scores:
        return PRIOR
    found = float(np.quantile(np.array(scores), share))
    return (len(scores) * found + PRIOR_WEIGHT * PRIOR) / (len(scores) + PRIOR_WEIGHT)
