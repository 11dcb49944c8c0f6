"""A training as a picture: its curve on the left, what came of it on the right."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from protege.datasets.report.chart import CARD, FAINT, FINE, INK, LINE, Pen
from protege.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

WIDTH, HEIGHT = 1100, 480
"""Pixels; Discord shows it half as wide, so that it is sharp on fine screens."""
TOP, BOTTOM = 118, 400
CURVE, BARS, ALONE = (96, 560), (660, 1060), (96, 1060)
"""Left and right of the two halves; of the bars where there is no curve."""
COLOURS = "#8ea1ff", "#4fd694"
WIDEST = 130
CERTAIN = 1.96
"""Standard deviations on either side that hold 95 % of a normal distribution."""
LOSS = Text("Loss while training", "Ошибка при обучении")
SCORE = Text("Score of the instruction", "Оценка инструкции")
TRAINED, TESTED = Text("trained on", "обучение"), Text("held out", "отложенные")
RIGHT = Text("Right on {n} test questions", "Верно на {n} вопросах теста")
BEFORE, NOW = Text("before", "было"), Text("now", "стало")


class Bar(NamedTuple):
    """One version: the share of right answers among `rows` questions, 0 to 1."""

    said: Text
    share: float
    rows: int
    colour: str


def picture(report: Mapping[str, Any], points: Sequence[Any], method: str, locale: str) -> bytes:
    """PNG, 1100 x 480 pixels, some 15 KB; empty without a curve and nothing to compare with.

    `report`: of the job, with `evaluation` and `compared`; `points`: (step, loss, loss on held-out
    rows or None), or of method `tuned` (iteration, score).
    """
    bars = _of(report)
    curve = [tuple(point) for point in points] if len(points) > 1 else []
    if not curve and len(bars) < 2:
        return b""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image))
    pen.box(0, 0, WIDTH, HEIGHT, CARD, 28)
    if curve:
        _curve(pen, curve, SCORE if method == "tuned" else LOSS, CURVE if bars else ALONE, locale)
    if bars:
        _bars(pen, bars, BARS if curve else ALONE, locale)
    return _png(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def _png(image: "Picture") -> bytes:
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def interval(share: float, rows: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `rows`, both 0 to 1.

    Source: E. B. Wilson 1927, doi 10.1080/01621459.1927.10502953
    """
    z = CERTAIN**2 / rows
    middle = (share + z / 2) / (1 + z)
    wide = CERTAIN * sqrt(share * (1 - share) / rows + z / (4 * rows)) / (1 + z)
    return max(0.0, middle - wide), min(1.0, middle + wide)


def _of(report: Mapping[str, Any]) -> list[Bar]:
    now, compared = report.get("evaluation") or {}, report.get("compared") or {}
    before = compared.get("evaluation") or {}
    found = ((BEFORE, before, COLOURS[0]), (NOW, now, COLOURS[1]))
    return [Bar(t, m["accuracy"], m["rows"], c) for t, m, c in found if m.get("rows")]


def _bars(pen: Pen, bars: Sequence[Bar], place: tuple[int, int], locale: str) -> None:
    left, right = place
    pen.text(left, 52, RIGHT.to(locale, n=bars[-1].rows), 26, INK, "lm")
    for percent in (0, 50, 100):
        y = BOTTOM - (BOTTOM - TOP) * percent / 100
        pen.box(left, y, right, y + 2, LINE, 0)
        pen.text(left - 10, y, str(percent), 18, FAINT, "rm")
    step = (right - left) / len(bars)
    wide = min(WIDEST, step * 0.5)
    for at, bar in enumerate(bars):
        _bar(pen, bar, left + step * (at + 0.5), wide, locale)


def _bar(pen: Pen, bar: Bar, middle: float, wide: float, locale: str) -> None:
    high = BOTTOM - TOP
    top = min(BOTTOM - high * bar.share, BOTTOM - 4)
    pen.box(middle - wide / 2, top, middle + wide / 2, BOTTOM, bar.colour, 6)
    low, up = (BOTTOM - high * edge for edge in interval(bar.share, bar.rows))
    pen.line([(middle, low), (middle, up)], INK, 3)
    for y in (low, up):
        pen.line([(middle - 12, y), (middle + 12, y)], INK, 3)
    said = f"{bar.said.to(locale)}: {100 * bar.share:.0f} %"
    pen.text(middle, BOTTOM + 34, said, 24, INK, "mm")


def _curve(
    pen: Pen, points: Sequence[Sequence[Any]], title: Text, place: tuple[int, int], locale: str
) -> None:
    left, right = place
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
