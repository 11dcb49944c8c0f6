"""Trying the bot on rows whose right answers are known, or not."""

import csv
import io
import time
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from protege.chat import Chat
from protege.datasets.rows import Row
from protege.learning.model import normalise

PATIENCE_S = 40.0
"""A worker has 60 seconds: what is not tried by then is reported as not tried."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SIMILAR_CHARACTERS = 2000


class Trial(NamedTuple):
    """One row, tried. `expected` is empty where the row had none."""

    input: str
    expected: str
    predicted: str
    taught: bool
    score: float
    threshold: float

    @property
    def exact(self) -> bool:
        """Same answer but for case, spaces and punctuation at the ends."""
        return normalise(self.predicted) == normalise(self.expected)

    @property
    def similarity(self) -> float:
        """0 to 1: share of characters that the two answers have in common, in order."""
        a, b = normalise(self.predicted), normalise(self.expected)
        return SequenceMatcher(None, a[:SIMILAR_CHARACTERS], b[:SIMILAR_CHARACTERS]).ratio()


class Report(NamedTuple):
    """What came of a test. Scores are None where no row had an expected answer."""

    trials: list[Trial]
    rows: int
    version: int
    exact: float | None
    similarity: float | None


def try_out(chat: Chat, space: str, rows: Sequence[Row], locale: str) -> Report:
    """Answer each row as `/ask` would, and compare. Raises as the model does."""
    recalls = chat.recalls(space, [row.input for row in rows], locale)
    trials: list[Trial] = []
    ends = time.monotonic() + PATIENCE_S
    for row, recall in zip(rows, recalls, strict=True):
        if time.monotonic() > ends:
            break
        predicted = "".join(chat.answer(recall))
        verdict = recall.verdict
        taught = verdict.lesson is not None
        trial = Trial(row.input, row.good, predicted, taught, verdict.score, verdict.threshold)
        trials.append(trial)
    scored = [trial for trial in trials if trial.expected]
    return Report(
        trials,
        len(rows),
        recalls[0].version if recalls else 0,
        _mean(float(t.exact) for t in scored) if scored else None,
        _mean(t.similarity for t in scored) if scored else None,
    )


def table(report: Report) -> bytes:
    """The trials as CSV (UTF-8 with BOM, so that spreadsheets read Cyrillic).

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["input", "expected", "predicted", "exact", "similarity", "taught", "score"])
    for t in report.trials:
        known = [t.exact, f"{t.similarity:.3f}"] if t.expected else ["", ""]
        cells = [t.input, t.expected, t.predicted, *known, t.taught, f"{t.score:.3f}"]
        writer.writerow([_cell(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _mean(values: Iterator[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
