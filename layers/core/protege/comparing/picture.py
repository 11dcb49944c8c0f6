"""Two versions as two bars, in a picture for a message."""

from io import BytesIO

from protege.comparing import Comparison, Counts
from protege.datasets.report.chart import CARD, FAINT, FINE, INK, LINE, Pen
from protege.text import Text

WIDTH, HEIGHT = 1100, 300
"""Pixels; Discord shows it half as wide."""
LEFT, RIGHT = 150, 1060
TOPS, THICK = (106, 192), 60
COLOURS = "#4fd694", "#f0716f", "#6d727d"
KINDS = (
    Text("right", "верно"),
    Text("wrong", "неверно"),
    Text("refused", "отказ"),
)
TITLE = Text("The same {n} questions", "Одни и те же вопросы: {n}")
NARROW = 60
"""Pixels; a share that is narrower bears no figure."""


def picture(found: Comparison, versions: tuple[int, int], locale: str) -> bytes:
    """PNG, 1100 x 300 pixels: what share each version answered rightly, wrongly, not at all."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image))
    pen.box(0, 0, WIDTH, HEIGHT, CARD, 28)
    _head(pen, found.rows, locale)
    both = zip(versions, (found.first, found.second), TOPS, strict=True)
    for version, counts, top in both:
        pen.text(40, top + THICK / 2, f"v{version}", 26, INK, "lm")
        _bar(pen, counts, found.rows, top)
    out = BytesIO()
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(pen: Pen, rows: int, locale: str) -> None:
    pen.text(40, 52, TITLE.to(locale, n=rows), 30, INK, "lm")
    x = float(RIGHT)
    for said, colour in zip(reversed(KINDS), reversed(COLOURS), strict=True):
        x -= pen.text(x, 52, said.to(locale), 24, FAINT, "rm") + 14
        pen.box(x - 20, 42, x, 62, colour, 5)
        x -= 44


def _bar(pen: Pen, counts: Counts, rows: int, top: float) -> None:
    pen.box(LEFT, top, RIGHT, top + THICK, LINE, 8)
    x = float(LEFT)
    for number, colour in zip(counts, COLOURS, strict=True):
        wide = (RIGHT - LEFT) * number / rows
        if number:
            pen.box(x, top, max(x + wide, x + 2), top + THICK, colour, min(8, int(wide / 2)))
        if wide >= NARROW:
            pen.text(x + wide / 2, top + THICK / 2, f"{100 * number / rows:.0f} %", 22, CARD, "mm")
        x += wide
