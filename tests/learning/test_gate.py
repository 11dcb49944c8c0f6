"""The gate: where it lies between what is taught and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.learning.gate import PRIOR, fitted, separation

SCORES = st.lists(st.floats(0, 1, width=32), max_size=60)
SOME = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=60)


def test_without_lessons_it_is_the_prior() -> None:
    assert fitted([], []) == PRIOR


@given(SCORES, SCORES)
def test_it_lies_among_the_scores_and_the_prior(taught: list[float], untaught: list[float]) -> None:
    known = [*taught, *untaught, PRIOR]
    assert min(known) - 1e-9 <= fitted(taught, untaught) <= max(known) + 1e-9


@given(SOME, SOME, st.floats(0, 0.5))
def test_higher_scores_never_lower_it(
    taught: list[float], untaught: list[float], by: float
) -> None:
    before = fitted(taught, untaught)
    assert fitted([score + by for score in taught], untaught) >= before - 1e-9
    assert fitted(taught, [score + by for score in untaught]) >= before - 1e-9


def test_with_many_lessons_it_lies_between_both_kinds() -> None:
    assert 0.3 < fitted([0.8] * 400, [0.3] * 400) < 0.8


@given(SOME, SOME)
def test_separation_is_symmetric(taught: list[float], untaught: list[float]) -> None:
    one, other = separation(taught, untaught), separation(untaught, taught)
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(1)


@given(SOME, SOME)
def test_separation_counts_the_pairs_in_the_right_order(
    taught: list[float], untaught: list[float]
) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in taught for b in untaught]
    assert separation(taught, untaught) == pytest.approx(sum(pairs) / len(pairs))


def test_separation_needs_both_kinds() -> None:
    assert separation([], [0.1]) is None
    assert separation([0.1], []) is None
