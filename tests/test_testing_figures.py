"""What a test's figures claim: intervals that hold, likeness that follows the sense."""

import json
import random
from difflib import SequenceMatcher
from typing import Any

import pytest

from protege.providers.local import MiniLM
from protege.statistics import Sum, difference, mean, share
from protege.testing.likeness import likenesses
from protege.testing.tally import BINS, Tally
from protege.testing.trial import Outcome, Trial, dump, load

ROUNDS = 1500


def summed(values: list[float]) -> Sum:
    found = Sum()
    for value in values:
        found = found.plus(value)
    return found


def test_a_share_has_wilsons_interval() -> None:
    found = share(summed([1.0] * 81 + [0.0] * 19))
    assert found and (round(found.low, 3), round(found.high, 3)) == (0.722, 0.875)
    none = share(summed([0.0] * 10))
    assert none and none.low == 0 and round(none.high, 3) == 0.278


def test_a_mean_has_students_interval() -> None:
    found = mean(summed([0.2, 0.4, 0.6]))
    assert found and (round(found.value, 3), found.low) == (0.4, 0.0), "0.4 ± 0.497, cut at 0"
    assert round(found.high, 3) == 0.897
    alone = mean(summed([0.5]))
    assert alone and (alone.low, alone.high) == (0.0, 1.0)


def test_nothing_measured_is_no_figure() -> None:
    assert share(Sum()) is mean(Sum()) is difference(Sum(), shares=True) is None


@pytest.mark.parametrize(
    ("n", "first", "second"), [(20, 0.7, 0.8), (100, 0.9, 0.95), (50, 0.5, 0.5)]
)
def test_the_true_difference_lies_in_nineteen_of_twenty_intervals(
    n: int, first: float, second: float
) -> None:
    chance = random.Random(5)
    held = 0
    for _ in range(ROUNDS):
        pairs = ((chance.random() < first, chance.random() < second) for _ in range(n))
        found = difference(summed([float(b) - float(a) for a, b in pairs]), shares=True)
        assert found
        held += found.low <= second - first <= found.high
    assert 0.935 <= held / ROUNDS <= 0.975


def test_equal_sides_differ_by_nothing_and_not_for_sure() -> None:
    found = difference(summed([0.0] * 30), shares=True)
    assert found and found.low < 0 == found.value < found.high


def outcome(**changes: Any) -> Outcome:
    return Outcome(1, "yes", True, 0.9, 0.4)._replace(**changes)


def test_a_tally_survives_the_journey_through_json() -> None:
    trials = [
        Trial(1, "a", "yes", (outcome(exact=True, similarity=1.0), outcome(judged=0.2))),
        Trial(2, "b", "", (outcome(score=1.0), outcome(failed="down"))),
    ]
    tally = Tally.empty(2).plus(trials)
    assert Tally.from_json(json.loads(json.dumps(tally.as_json()))) == tally
    assert list(load(dump(trials))) == trials
    assert (tally.rows, tally.expected, tally.wrong) == (2, 1, 1)
    assert tally.sides[1].failed == 1 and "refused" in tally.paired


def test_scores_at_the_ends_have_their_groups() -> None:
    trials = [Trial(n, "a", "b", (outcome(score=s),)) for n, s in enumerate((0.0, 1.0, 1.2, -0.1))]
    groups = Tally.empty(1).plus(trials).sides[0].groups
    assert groups.wrong == (2, *(0,) * (BINS - 2), 2)


SAME = [
    ("We open at noon on Sundays.", "On Sundays the doors open at 12 o'clock."),
    (
        "Yes, within thirty days of the purchase.",
        "You can get your money back for a month after buying.",
    ),
    (
        "Cards, PayPal and bank transfer.",
        "You may pay by credit card, by wire or with PayPal.",
    ),
    ("Open Account, then Plan, and press Cancel.", "To cancel, go to your account's plan page."),
    ("Dogs must be kept on a lead.", "Please leash your dog."),
    ("The library is free for students.", "Students do not pay to use the library."),
]
OTHER = [
    ("We open at noon on Sundays.", "Invoices are under Account, then Billing."),
    ("Yes, within thirty days of the purchase.", "Yes, we ship to Norway within five days."),
    ("Cards, PayPal and bank transfer.", "Open Account, then Plan, and press Cancel."),
    ("Open Account, then Plan, and press Cancel.", "Invoices are under Account, then Billing."),
    ("Dogs must be kept on a lead.", "The doors must be locked at ten."),
    ("The library is free for students.", "The pool is closed for repairs."),
]


def test_likeness_follows_the_sense_where_letters_do_not() -> None:
    found = likenesses(MiniLM(), [*SAME, *OTHER])
    assert min(found[: len(SAME)]) > max(found[len(SAME) :])
    letters = [SequenceMatcher(None, a.lower(), b.lower()).ratio() for a, b in (*SAME, *OTHER)]
    assert sum(letters[: len(SAME)]) < sum(letters[len(SAME) :])


def test_what_the_embedder_cannot_read_is_compared_by_letters() -> None:
    one = "Доставка в Казань стоит 300 рублей."
    near, far, equal = likenesses(
        MiniLM(), [("Доставка стоит 300 рублей", one), ("Мы закрыты.", one), (one.upper(), one)]
    )
    assert near > 0.8 and far < 0.5 and equal == 1.0
