"""How sure a measured figure is: 95 % intervals."""

import math
from typing import NamedTuple

Z = 1.959964
"""97.5 % of the normal distribution lie below."""


class Sum(NamedTuple):
    """What is needed of many numbers to know their mean and how sure it is."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, value: float) -> "Sum":
        """With one more."""
        return Sum(self.n + 1, self.total + value, self.squares + value * value)


class Estimate(NamedTuple):
    """A figure between `low` and `high` with 95 % confidence."""

    value: float
    low: float
    high: float
    n: int


def share(found: Sum) -> Estimate | None:
    """Of numbers that are 0 or 1: Wilson's score interval. None of no numbers.

    Source: E. B. Wilson, JASA 22 (1927) 209-212, https://doi.org/10.1080/01621459.1927.10502953
    """
    if not found.n:
        return None
    n, p = found.n, found.total / found.n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Estimate(p, max(0.0, middle - half), min(1.0, middle + half), n)


def mean(found: Sum, low: float = 0.0, high: float = 1.0) -> Estimate | None:
    """Of numbers from `low` to `high`: Student's interval, cut there. None of no numbers.

    One number alone says nothing: its interval is everything.
    """
    if not found.n:
        return None
    middle = found.total / found.n
    half = _student(found.n - 1) * _error(found) if found.n > 1 else high - low
    return Estimate(middle, max(low, middle - half), min(high, middle + half), found.n)


def difference(found: Sum, *, shares: bool) -> Estimate | None:
    """Of paired differences, -1 to 1. `shares`: each is -1, 0 or 1, as both numbers were 0 or 1.

    For shares Bonett and Price's adjusted Wald interval, which stays honest where few rows differ:
    half a row is added to each of the four cases. Source: Statistics in Medicine 31 (2012)
    2252-2263, https://doi.org/10.1002/sim.5333
    """
    if not found.n or not shares:
        return mean(found, -1.0, 1.0)
    n = found.n + 2
    middle = found.total / n
    half = Z * math.sqrt(max(0.0, (found.squares + 2) / n - middle * middle) / n)
    value = found.total / found.n
    return Estimate(value, max(-1.0, middle - half), min(1.0, middle + half), found.n)


def _error(found: Sum) -> float:
    """Standard error of the mean."""
    spread = found.squares - found.total * found.total / found.n
    return math.sqrt(max(0.0, spread) / (found.n - 1) / found.n)


def _student(freedom: int) -> float:
    """97.5 % quantile of Student's t, within 0.2 % from 4 degrees of freedom on, exact below.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5
    """
    exact = {1: 12.7062, 2: 4.3027, 3: 3.1824}
    if freedom in exact:
        return exact[freedom]
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3
