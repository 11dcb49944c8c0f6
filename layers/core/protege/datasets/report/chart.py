"""How long questions and answers are, as a small picture for a message."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from protege.datasets.report.figures import EDGES, Report
from protege.text import Text

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FONT = Path(__file__).with_name("DejaVuSans.ttf")
WIDTH, HEIGHT = 1100, 480
"""Pixels; Discord shows it half as wide, so that it is sharp on fine screens."""
FINE = 2
"""Drawn so many times larger and scaled down: smooth corners."""
CARD, LINE, FAINT, INK = "#24262b", "#3b3e45", "#a5a9b3", "#f2f3f5"
"""Light on a dark card of its own: the same on Discord's dark and light themes."""
COLOURS = "#8ea1ff", "#4fd694"
FEWEST, WIDEST = 5, 64
"""Groups that are shown at least; pixels of a bar at most."""
LEFT, RIGHT, TOP, BOTTOM = 40, 1060, 118, 390
TITLE = Text("How long the texts are", "Длина текстов")
LEGEND = (Text("questions", "вопросы"), Text("answers", "ответы"))
AXIS = Text("characters", "символов")
BEYOND = Text("more", "больше")


def picture(report: Report, locale: str) -> bytes:
    """PNG, 1100 x 480 pixels, some 10 KB: how many questions and answers have which length."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image))
    pen.box(0, 0, WIDTH, HEIGHT, CARD, 28)
    _head(pen, locale)
    groups = _groups(report)
    _bars(pen, groups)
    _axis(pen, len(groups), locale)
    out = BytesIO()
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


class Pen:
    """Draws in the picture's pixels, whatever the scale."""

    def __init__(self, draw: "ImageDraw") -> None:
        self._draw = draw
        self._fonts: dict[int, FreeTypeFont] = {}

    def box(self, x: float, y: float, right: float, bottom: float, fill: str, round: int) -> None:
        """A rectangle with round corners."""
        corners = (x * FINE, y * FINE, right * FINE - 1, bottom * FINE - 1)
        self._draw.rounded_rectangle(corners, round * FINE, fill)

    def line(self, points: Sequence[tuple[float, float]], fill: str, width: int) -> None:
        """A line through the points; nothing of fewer than two."""
        if len(points) > 1:
            scaled = [(x * FINE, y * FINE) for x, y in points]
            self._draw.line(scaled, fill, width * FINE, joint="curve")

    def text(self, x: float, y: float, text: str, size: int, fill: str, anchor: str) -> float:
        """A line of text; returns its width. `anchor`: Pillow's two letters."""
        font = self._font(size)
        self._draw.text((x * FINE, y * FINE), text, fill, font, anchor)
        return font.getlength(text) / FINE

    def _font(self, size: int) -> "FreeTypeFont":
        from PIL import ImageFont

        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(str(FONT), size * FINE)
        return self._fonts[size]


def _head(pen: Pen, locale: str) -> None:
    pen.text(LEFT, 52, TITLE.to(locale), 32, INK, "lm")
    x = float(RIGHT)
    for said, colour in zip(reversed(LEGEND), reversed(COLOURS), strict=True):
        x -= pen.text(x, 52, said.to(locale), 24, FAINT, "rm") + 14
        pen.box(x - 20, 42, x, 62, colour, 5)
        x -= 52


def _groups(report: Report) -> list[tuple[int, int]]:
    """Numbers of questions and answers by length, without the empty groups at the end."""
    both = list(zip(report.questions.groups, report.answers.groups, strict=True))
    while len(both) > FEWEST and not any(both[-1]):
        both.pop()
    return both


def _bars(pen: Pen, groups: Sequence[tuple[int, int]]) -> None:
    most = max(1, *map(max, groups))
    step = (RIGHT - LEFT) / len(groups)
    bar = min(step * 0.42, WIDEST)
    for at, both in enumerate(groups):
        middle = LEFT + step * (at + 0.5)
        for number, x, colour in zip(both, (middle - bar, middle), COLOURS, strict=True):
            _bar(pen, number, x + 2, x + bar - 2, (BOTTOM - TOP) * number / most, colour)


def _bar(pen: Pen, number: int, left: float, right: float, height: float, colour: str) -> None:
    if not number:
        return
    top = BOTTOM - max(height, 6)
    pen.box(left, top, right, BOTTOM, colour, 3)
    pen.text((left + right) / 2, top - 7, _short(number), 17, INK, "mb")


def _axis(pen: Pen, groups: int, locale: str) -> None:
    pen.box(LEFT, BOTTOM + 1, RIGHT, BOTTOM + 3, LINE, 0)
    step = (RIGHT - LEFT) / groups
    for at, name in enumerate(_names(EDGES, locale)[:groups]):
        pen.text(LEFT + step * (at + 0.5), BOTTOM + 24, name, 20, FAINT, "mm")
    pen.text((LEFT + RIGHT) / 2, BOTTOM + 62, AXIS.to(locale), 20, FAINT, "mm")


def _names(edges: Sequence[int], locale: str) -> list[str]:
    return [*(f"≤ {_short(edge)}" for edge in edges), BEYOND.to(locale)]


def _short(number: int) -> str:
    """At most four signs."""
    if number < 1000:
        return str(number)
    thousands = number / 1000
    return f"{thousands:.0f}k" if thousands >= 10 or not number % 1000 else f"{thousands:.1f}k"
