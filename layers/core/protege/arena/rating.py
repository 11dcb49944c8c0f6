"""Strengths from duels: Bradley and Terry's model, on the scale of chess."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
AVERAGE = 1500.0
SCALE = 400 / math.log(10)
"""Ten to one on is worth 400 points, as in chess."""
Z = 1.959964
"""97.5 % of the normal distribution lie below."""
STEPS = 100
SMALL = 1e-9


class Result(NamedTuple):
    """`score`: 1 where `first` was better, 0 where `second` was, or in between."""

    first: int
    second: int
    score: float


class Rating(NamedTuple):
    """1500 is average; the true strength is within `margin` with 95 % confidence."""

    points: float
    margin: float
    duels: int


def ratings(results: Iterable[Result]) -> dict[int, Rating]:
    """The strength of everybody who has fought.

    Most likely strengths where everybody has also drawn once against somebody average: without
    that, who never lost would be infinitely strong. Margins are of the curvature there. Source: R.
    Bradley and M. Terry, Biometrika 39 (1952) 324-345, https://doi.org/10.2307/2334029
    """
    found = list(results)
    names = sorted({name for one in found for name in one[:2]})
    if not names:
        return {}
    place = {name: row for row, name in enumerate(names)}
    first = np.array([place[one.first] for one in found])
    second = np.array([place[one.second] for one in found])
    score = np.array([one.score for one in found])
    strengths, spread = _fitted(len(names), first, second, score)
    fought = np.bincount(np.concatenate([first, second]), minlength=len(names))
    return {
        name: Rating(
            AVERAGE + SCALE * float(strengths[row]),
            Z * SCALE * math.sqrt(float(spread[row])),
            int(fought[row]),
        )
        for name, row in place.items()
    }


def _fitted(
    n: int,
    first: Rows,
    second: Rows,
    score: Floats,
) -> tuple[Floats, Floats]:
    """Strengths and their variances, by Newton's method on a concave function."""
    x = np.zeros((len(score) + n, n))
    rows = np.arange(len(score))
    x[rows, first], x[rows, second] = 1, -1
    x[len(score) :] = np.eye(n)
    wanted = np.concatenate([score, np.full(n, 0.5)])
    strengths = np.zeros(n)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-(x @ strengths)))
        curve = x.T @ (x * (likely * (1 - likely))[:, None])
        step = np.linalg.solve(curve, x.T @ (wanted - likely))
        strengths += np.clip(step, -1, 1)
        if np.abs(step).max() < SMALL:
            break
    return strengths, np.diag(np.linalg.inv(curve))
