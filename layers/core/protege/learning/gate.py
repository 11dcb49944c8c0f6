"""The gate: from which score on a question counts as taught. Fitted at every training."""

from collections.abc import Sequence

import numpy as np

PRIOR = 0.45
"""Before anything is known: see `fitted`."""
PRIOR_WEIGHT = 20


def fitted(taught: Sequence[float], untaught: Sequence[float]) -> float:
    """The threshold that tells the scores of taught questions from those of others best.

    The prior counts as PRIOR_WEIGHT lessons.
    """
    if not taught or not untaught:
        return PRIOR
    best = _best(np.sort(np.array(taught)), np.sort(np.array(untaught)))
    weight = min(len(taught), len(untaught))
    return float((weight * best + PRIOR_WEIGHT * PRIOR) / (weight + PRIOR_WEIGHT))


def _best(taught: np.ndarray, untaught: np.ndarray) -> float:
    at = np.unique(np.concatenate([taught, untaught]))
    kept = 1 - np.searchsorted(taught, at) / len(taught)
    refused = np.searchsorted(untaught, at) / len(untaught)
    return float(at[int(np.argmax(kept + refused))])
