"""All trials as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from protege.datasets.writing import harmless
from protege.testing.trial import NOW, Outcome, Side, Trial

BOM = b"\xef\xbb\xbf"
"""So that spreadsheets read Cyrillic."""
ROW = ("row", "input", "expected")
ANSWER = ("predicted", "exact", "similarity", "judged", "taught", "score", "note")


def head(sides: Sequence[Side]) -> bytes:
    """The first line, after a mark that says UTF-8. Two sides are told apart by their version."""
    if len(sides) == 1:
        return BOM + _lines([[*ROW, *ANSWER]])
    names = [f"{column} {name(side)}" for side in sides for column in ANSWER]
    return BOM + _lines([[*ROW, *names]])


def name(side: Side) -> str:
    """A side in a word."""
    return "now" if side.version == NOW else f"v{side.version}"


def body(trials: Iterable[Trial]) -> bytes:
    """A line for each trial. Nothing in it is run as a formula."""
    return _lines(
        [
            str(trial.number),
            harmless(trial.input),
            harmless(trial.expected),
            *(cell for one in trial.outcomes for cell in _answer(trial, one)),
        ]
        for trial in trials
    )


def _answer(trial: Trial, one: Outcome) -> list[str]:
    known = [str(one.exact), f"{one.similarity:.3f}"] if trial.expected else ["", ""]
    judged = "" if one.judged is None else f"{one.judged:.2f}"
    note = harmless(one.failed or one.why)
    return [harmless(one.predicted), *known, judged, str(one.taught), f"{one.score:.3f}", note]


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
