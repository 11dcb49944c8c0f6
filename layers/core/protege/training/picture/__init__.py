"""A training as a picture: its curve on the left, what came of it on the right."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from protege.datasets.report.chart import CARD, FINE, Pen
from protege.training.picture.bars import draw_groups
from protege.training.picture.curve import draw_curve
from protege.training.picture.groups import groups_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

WIDTH, HEIGHT = 1100, 480
"""Pixels; Discord shows it half as wide, so that it is sharp on fine screens."""
HALVES, UNEQUAL = ((96, 560), (660, 1060)), ((96, 440), (540, 1060))
ALONE = (96, 1060)
"""Where the curve begins and ends, and the bars; where there is but one of the two."""


def picture(report: Mapping[str, Any], points: Sequence[Any], method: str, locale: str) -> bytes:
    """PNG, 1100 x 480 pixels, some 15 KB; empty without a curve and where nothing was asked.

    `report`: of the job, with `evaluation`, `compared` and `proof`; `points`: (step, loss, loss on
    held-out rows or None), or of method `tuned` (iteration, score).
    """
    curve = [tuple(point) for point in points] if len(points) > 1 else []
    groups = groups_of(report, brief=bool(curve))
    if not (curve or groups):
        return b""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image))
    pen.box(0, 0, WIDTH, HEIGHT, CARD, 28)
    left, right = UNEQUAL if len(groups) > 1 else HALVES
    if curve:
        draw_curve(pen, curve, method, left if groups else ALONE, locale)
    if groups:
        draw_groups(pen, groups, right if curve else ALONE, locale)
    return _png(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def _png(image: "Picture") -> bytes:
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
