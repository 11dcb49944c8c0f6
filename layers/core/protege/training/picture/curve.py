"""What a provider said along a training, or a tuning's best score, as a curve."""

from collections.abc import Sequence
from typing import Any

from protege.datasets.report.chart import FAINT, INK, LINE, Pen
from protege.text import Text

TOP, BOTTOM = 118, 400
COLOURS = "#8ea1ff", "#4fd694"
LOSS = Text("Loss while training", "Ошибка при обучении")
SCORE = Text("Score of the instruction", "Оценка инструкции")
TRAINED, TESTED = Text("trained on", "обучение"), Text("held out", "отложенные")


def draw_curve(
    pen: Pen, points: Sequence[Sequence[Any]], method: str, place: tuple[int, int], locale: str
) -> None:
    """The points between the left and the right of `place`."""
    left, right = place
    title = SCORE if method == "tuned" else LOSS
    pen.text(left - 56, 52, title.to(locale), 26, INK, "lm")
    lines = [[(p[0], p[n]) for p in points if len(p) > n and p[n] is not None] for n in (1, 2)]
    values = [value for line in lines for _, value in line]
    low, high = min(values), max(values)
    steps = points[0][0], points[-1][0]
    for share in (0.0, 0.5, 1.0):
        y = BOTTOM - (BOTTOM - TOP) * share
        pen.box(left, y, right, y + 2, LINE, 0)
        pen.text(left - 10, y, f"{low + (high - low) * share:.2f}", 18, FAINT, "rm")
    for step, x in zip(steps, (left, right), strict=True):
        pen.text(x, BOTTOM + 24, str(step), 18, FAINT, "mm")
    for line, colour in zip(lines, COLOURS, strict=True):
        pen.line([_at(point, steps, (low, high), place) for point in line], colour, 4)
    if lines[1]:
        _legend(pen, right, locale)


def _at(
    point: Sequence[float], steps: Sequence[float], values: tuple[float, float], place: Any
) -> tuple[float, float]:
    """Where a point is drawn; a flat line lies in the middle."""
    (first, last), (low, high), (left, right) = steps, values, place
    x = (point[0] - first) / (last - first) if last > first else 0.5
    y = (point[1] - low) / (high - low) if high > low else 0.5
    return left + (right - left) * x, BOTTOM - (BOTTOM - TOP) * y


def _legend(pen: Pen, right: float, locale: str) -> None:
    x = right
    for said, colour in zip((TESTED, TRAINED), reversed(COLOURS), strict=True):
        x -= pen.text(x, 90, said.to(locale), 20, FAINT, "rm") + 10
        pen.box(x - 16, 82, x, 98, colour, 4)
        x -= 34
