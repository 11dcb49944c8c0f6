"""A test as a picture: each measure with its interval, and scores of right and wrong answers."""

from io import BytesIO

from protege.datasets.report.chart import CARD, FAINT, FINE, INK, LINE, Pen
from protege.statistics import Estimate
from protege.testing.plan import Result
from protege.testing.tally import BINS, MEASURES, Counted
from protege.testing.trial import NOW, Side
from protege.text import Text

WIDTH, TALL = 1100, 520
"""Pixels of one side's picture; Discord shows it half as wide."""
SIDES = "#8ea1ff", "#f0b232"
RIGHT, WRONG, REFUSED = "#4fd694", "#f2686f", "#a5a9b3"
LEFT, MIDDLE, END = 40, 560, 1060
TOP, BOTTOM = 130, 430
"""Where the scores are drawn."""
BAR = 26
TITLE = Text("How the test went", "Итоги проверки")
NAMES = {
    "exact": Text("exactly right", "точно верно"),
    "similar": Text("alike", "похоже"),
    "judged": Text("judged", "оценка моделью"),
    "refused": Text("not taught", "не учили"),
}
SCORES = Text("How sure it was", "Насколько был уверен")
LEGEND = (
    (Text("right", "верно"), RIGHT),
    (Text("wrong", "неверно"), WRONG),
    (Text("not taught", "не учили"), REFUSED),
)
THRESHOLD = Text("threshold", "порог")
NOW_NAME = Text("now", "сейчас")


def picture(result: Result, locale: str) -> bytes:
    """PNG, 1100 x 520 pixels, some 15 KB. Of two sides the scores shown are the first's."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (WIDTH * FINE, TALL * FINE), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image))
    pen.box(0, 0, WIDTH, TALL, CARD, 28)
    pen.text(LEFT, 52, TITLE.to(locale), 32, INK, "lm")
    if len(result.plan.sides) > 1:
        _sides(pen, result, locale)
    _measures(pen, result, locale)
    of = f": {_name(result.plan.sides[0], locale)}" if len(result.plan.sides) > 1 else ""
    pen.text(MIDDLE + 30, 52, SCORES.to(locale) + of, 24, INK, "lm")
    _scores(pen, result.tally.sides[0], locale)
    out = BytesIO()
    small = image.resize((WIDTH, TALL), Image.Resampling.LANCZOS)
    small.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _sides(pen: Pen, result: Result, locale: str) -> None:
    x = float(MIDDLE - 10)
    for side, colour in reversed(list(zip(result.plan.sides, SIDES, strict=True))):
        x -= pen.text(x, 52, _name(side, locale), 24, FAINT, "rm") + 12
        pen.box(x - 18, 43, x, 61, colour, 5)
        x -= 40


def _name(side: Side, locale: str) -> str:
    return NOW_NAME.to(locale) if side.version == NOW else f"v{side.version}"


def _measures(pen: Pen, result: Result, locale: str) -> None:
    """Bars from 0 to 100 %, a line over each from the low to the high end of its interval."""
    found = [(name, [side.of(name) for side in result.tally.sides]) for name in MEASURES]
    shown = [(name, estimates) for name, estimates in found if any(estimates)]
    step = (BOTTOM + 40 - 100) / max(3, len(shown))
    for row, (name, estimates) in enumerate(shown):
        y = 100 + row * step
        pen.text(LEFT, y + 10, NAMES[name].to(locale), 22, FAINT, "lm")
        for number, (estimate, colour) in enumerate(zip(estimates, SIDES, strict=False)):
            if estimate:
                _bar(pen, estimate, y + 28 + number * (BAR + 8), colour)


def _bar(pen: Pen, found: Estimate, y: float, colour: str) -> None:
    right = MIDDLE - 170
    width = right - LEFT
    pen.box(LEFT, y, right, y + BAR, LINE, 5)
    if found.value > 0:
        pen.box(LEFT, y, LEFT + max(8.0, width * found.value), y + BAR, colour, 5)
    low, high, middle = LEFT + width * found.low, LEFT + width * found.high, y + BAR / 2
    pen.box(low, middle - 2, max(high, low + 2), middle + 2, INK, 0)
    for end in (low, high):
        pen.box(end - 2, middle - 8, end + 2, middle + 8, INK, 0)
    pen.text(right + 14, middle, f"{100 * found.value:.1f} %", 22, INK, "lm")


def _scores(pen: Pen, side: Counted, locale: str) -> None:
    """How many answers had which score, in three colours, and where the threshold lies."""
    _legend(pen, locale)
    stacked = list(zip(side.groups.right, side.groups.wrong, side.groups.refused, strict=True))
    most = max(1, *map(sum, stacked))
    step = (END - MIDDLE - 30) / BINS
    for at, numbers in enumerate(stacked):
        x, y = MIDDLE + 30 + at * step, float(BOTTOM)
        for number, (_, colour) in zip(numbers, LEGEND, strict=True):
            height = (BOTTOM - TOP - 10) * number / most
            if number:
                pen.box(x + 1, y - height, x + step - 1, y, colour, 0)
            y -= height
    _axis(pen, side.threshold, locale)


def _legend(pen: Pen, locale: str) -> None:
    x = float(MIDDLE + 30)
    for name, colour in LEGEND:
        pen.box(x, 84, x + 18, 102, colour, 5)
        x += pen.text(x + 26, 93, name.to(locale), 20, FAINT, "lm") + 56


def _axis(pen: Pen, threshold: float, locale: str) -> None:
    left, width = MIDDLE + 30, END - MIDDLE - 30
    pen.box(left, BOTTOM + 1, END, BOTTOM + 3, LINE, 0)
    for share in (0.0, 0.5, 1.0):
        pen.text(left + width * share, BOTTOM + 22, f"{share:g}", 18, FAINT, "mm")
    x = left + width * min(1.0, threshold)
    pen.box(x - 1, TOP - 12, x + 1, BOTTOM, INK, 0)
    pen.text(x, BOTTOM + 50, f"{THRESHOLD.to(locale)} {threshold:.2f}", 20, INK, "mm")
