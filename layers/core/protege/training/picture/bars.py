"""Shares as bars, each with the interval that holds the true one."""

from collections.abc import Sequence

from protege.datasets.report.chart import FAINT, INK, LINE, Pen
from protege.statistics import Sum
from protege.statistics import share as share_of
from protege.training.picture.groups import KINDS, Bar, Group

TOP, BOTTOM = 118, 394
WIDEST, GAP = 130, 24
LARGEST, LETTER = 24, 0.62
"""Pixels of a letter's height at most, and its width in relation to that."""


def interval(share: float, rows: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `rows`, both 0 to 1. Of a mean of scores it is too wide:
    none from 0 to 1 vary more than those of 0 and 1."""
    found = share_of(Sum(rows, share * rows))
    return (found.low, found.high) if found else (0.0, 1.0)


def draw_groups(pen: Pen, groups: Sequence[Group], place: tuple[int, int], locale: str) -> None:
    """Side by side between the left and the right of `place`, as wide as they have bars."""
    left, right = place
    _scale(pen, left, right)
    if any(len(bar.parts) > 1 for group in groups for bar in group.bars):
        _legend(pen, right, locale)
    step = (right - left) / sum(len(group.bars) for group in groups)
    x = float(left)
    for group in groups:
        wide = step * len(group.bars)
        title = group.title.to(locale, n=group.rows)
        pen.text(x + 4, 52, title, _size(title, wide - GAP), INK, "lm")
        for at, bar in enumerate(group.bars):
            _bar(pen, bar, group.rows, (x + step * (at + 0.5), step), locale)
        x += wide


def _scale(pen: Pen, left: float, right: float) -> None:
    for percent in (0, 50, 100):
        y = BOTTOM - (BOTTOM - TOP) * percent / 100
        pen.box(left, y, right, y + 2, LINE, 0)
        pen.text(left - 10, y, str(percent), 18, FAINT, "rm")


def _bar(pen: Pen, bar: Bar, rows: int, where: tuple[float, float], locale: str) -> None:
    """`where`: its middle, and how much room it has."""
    middle, step = where
    wide, high, y = min(WIDEST, step * 0.5), BOTTOM - TOP, float(BOTTOM)
    for share, colour in bar.parts:
        if share:
            pen.box(middle - wide / 2, y - max(4.0, high * share), middle + wide / 2, y, colour, 3)
        y -= high * share
    _whisker(pen, middle, [BOTTOM - high * edge for edge in interval(bar.parts[0][0], rows)])
    said = bar.said.to(locale)
    pen.text(middle, BOTTOM + 26, said, _size(said, step - 6), FAINT, "mm")
    pen.text(middle, BOTTOM + 58, f"{100 * bar.parts[0][0]:.0f} %", 24, INK, "mm")


def _whisker(pen: Pen, middle: float, edges: Sequence[float]) -> None:
    pen.line([(middle, y) for y in edges], INK, 3)
    for y in edges:
        pen.line([(middle - 12, y), (middle + 12, y)], INK, 3)


def _size(text: str, room: float) -> int:
    """The largest letters with which a text fits."""
    return max(10, min(LARGEST, int(room / (LETTER * max(1, len(text))))))


def _legend(pen: Pen, right: float, locale: str) -> None:
    x = right
    for said, colour in reversed(KINDS):
        x -= pen.text(x, 90, said.to(locale), 18, FAINT, "rm") + 8
        pen.box(x - 14, 83, x, 97, colour, 4)
        x -= 30
