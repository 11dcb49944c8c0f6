"""The same lesson twice is one lesson."""

from collections.abc import Callable, Sequence

import numpy as np

from protege.learning import Lesson
from protege.learning.columns import Columns, Mask


def deduplicate(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """Split into (kept, dropped), both in the given order; see `kept`."""
    mask = kept(Columns.of(lessons), lambda row: lessons[row].id)
    rows = range(len(lessons))
    return [lessons[i] for i in rows if mask[i]], [lessons[i] for i in rows if not mask[i]]


def kept(columns: Columns, id_of: Callable[[int], str]) -> Mask:
    """Which lessons are kept where the same was said several times.

    Of lessons with the same normalised input and answers one is kept: the oldest, so that data
    given again need not be embedded again; but the newest where the same input was also taught
    another answer, because there the newest word counts. Other answers to the same input stay.
    `id_of` is asked only about rows that repeat another.
    """
    mask = np.ones(columns.size, bool)
    order = np.argsort(columns.keys, kind="stable")
    keys = columns.keys[order]
    ends = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)[: len(keys)]) + 1
    begin, contested = 0, _contested(columns)
    for end in map(int, ends):
        if end - begin > 1:
            rows = sorted(map(int, order[begin:end]), key=id_of)
            mask[rows] = False
            mask[rows[-1] if contested[rows[0]] else rows[0]] = True
        begin = end
    return mask


def _contested(columns: Columns) -> Mask:
    """Lessons whose input was taught more than one answer."""
    _, first, given = np.unique(columns.inputs, return_index=True, return_inverse=True)
    differs = columns.keys != columns.keys[first][given]
    found = np.zeros(len(first), bool)
    found[given[differs]] = True
    return found[given]
