"""What came of many trials, in a few numbers: small enough to stand in a job's record."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from protege.shapes import in_order, shaped
from protege.statistics import Estimate, Sum, difference, mean, share
from protege.testing.trial import Outcome, Trial

BINS = 20
"""Groups of scores from 0 to 1."""
SHARES = ("exact", "refused")
"""Measures that are 0 or 1 for each row; the others lie between."""
MEASURES = ("exact", "similar", "judged", "refused")


class Groups(NamedTuple):
    """How many answers fell into each of `BINS` groups of scores."""

    right: tuple[int, ...] = (0,) * BINS
    wrong: tuple[int, ...] = (0,) * BINS
    refused: tuple[int, ...] = (0,) * BINS
    """Questions that were not taught, however they were answered."""


class Counted(NamedTuple):
    """One side. `sums`: of each measure; `threshold`: that of the version that answered last."""

    sums: dict[str, Sum] = {}  # noqa: RUF012  # replaced, never changed
    groups: Groups = Groups()
    versions: tuple[int, ...] = ()
    """Those that answered: more than one where another became active meanwhile."""
    threshold: float = 0.0
    failed: int = 0
    """Questions that got no answer."""

    def of(self, measure: str) -> Estimate | None:
        """A measure with its interval; None where nothing was measured."""
        found = self.sums.get(measure, Sum())
        return share(found) if measure in SHARES else mean(found)


class Tally(NamedTuple):
    """All sides. `rows`: how many were tried; `wrong`: trials that any side got wrong."""

    sides: tuple[Counted, ...]
    paired: dict[str, Sum] = {}  # noqa: RUF012  # replaced, never changed
    """Of each measure: the second side's less the first's."""
    rows: int = 0
    expected: int = 0
    """Rows whose right answer was known."""
    wrong: int = 0

    @classmethod
    def empty(cls, sides: int) -> "Tally":
        """Nothing tried yet."""
        return cls((Counted(),) * sides)

    def gain(self, measure: str) -> Estimate | None:
        """How much more the second side has of a measure; None where there is no second."""
        found = self.paired.get(measure, Sum())
        return difference(found, shares=measure in SHARES)

    @property
    def unjudged(self) -> int:
        """Answers that could be compared and have no grade."""
        compared, judged = (
            sum(side.sums.get(name, Sum()).n for side in self.sides) for name in ("exact", "judged")
        )
        return compared - judged

    def plus(self, trials: Iterable[Trial]) -> "Tally":
        """With more trials."""
        found = self
        for trial in trials:
            found = found._with(trial)
        return found

    def _with(self, trial: Trial) -> "Tally":
        measured = [_measured(trial, one) for one in trial.outcomes]
        sides = (
            _counted(side, trial, one, values)
            for side, one, values in zip(self.sides, trial.outcomes, measured, strict=True)
        )
        return Tally(
            tuple(sides),
            _paired(self.paired, measured),
            self.rows + 1,
            self.expected + bool(trial.expected),
            self.wrong + trial.wrong,
        )

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads, also after a journey through JSON."""
        return self._asdict() | {"sides": [side._asdict() for side in self.sides]}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Tally":
        """A tally from `as_json`."""
        sides = tuple(_side(side) for side in found["sides"])
        return shaped(cls, found | {"sides": sides, "paired": _sums(found["paired"])})


def _measured(trial: Trial, one: Outcome) -> dict[str, float]:
    """The measures that this answer has."""
    if one.failed:
        return {}
    found = {"refused": float(not one.taught)}
    if trial.expected:
        found |= {"exact": float(one.exact), "similar": one.similarity}
    if one.judged is not None:
        found["judged"] = one.judged
    return found


def _counted(side: Counted, trial: Trial, one: Outcome, values: dict[str, float]) -> Counted:
    if one.failed:
        return side._replace(failed=side.failed + 1)
    sums = side.sums | {name: side.sums.get(name, Sum()).plus(x) for name, x in values.items()}
    versions = side.versions if one.version in side.versions else (*side.versions, one.version)
    groups = _grouped(side.groups, trial, one)
    return Counted(sums, groups, versions, one.threshold, side.failed)


def _grouped(groups: Groups, trial: Trial, one: Outcome) -> Groups:
    if not trial.expected:
        return groups
    kind = "right" if one.taught and one.right else "wrong" if one.taught else "refused"
    at = min(BINS - 1, max(0, int(one.score * BINS)))
    numbers: tuple[int, ...] = getattr(groups, kind)
    changed = (*numbers[:at], numbers[at] + 1, *numbers[at + 1 :])
    return groups._replace(**{kind: changed})


def _paired(sums: dict[str, Sum], measured: list[dict[str, float]]) -> dict[str, Sum]:
    if len(measured) < 2:
        return sums
    first, second = measured
    both = first.keys() & second.keys()
    return sums | {name: sums.get(name, Sum()).plus(second[name] - first[name]) for name in both}


def _side(found: dict[str, Any]) -> Counted:
    groups = in_order(Groups, map(tuple, found["groups"]))
    versions = tuple(found["versions"])
    known = {"sums": _sums(found["sums"]), "groups": groups, "versions": versions}
    return shaped(Counted, found | known)


def _sums(found: dict[str, Any]) -> dict[str, Sum]:
    return {name: in_order(Sum, numbers) for name, numbers in found.items()}
