"""The figures of a test as a table of equally wide letters."""

from typing import TYPE_CHECKING

from protege.text import Text

if TYPE_CHECKING:
    from protege.statistics import Estimate
    from protege.testing import Result

LEAST_COUNTED = 2
"""A table of one row says nothing that the row itself does not."""
NAMES = {
    "exact": Text("exact", "точно"),
    "similar": Text("alike", "похоже"),
    "judged": Text("judged", "оценка"),
    "refused": Text("not taught", "не учили"),
}
NOW = Text("now", "сейчас")
BETTER = Text("better", "лучше")
WORSE = Text("worse", "хуже")
SAME = Text("no difference seen", "разницы не видно")
MORE = Text("more", "больше")
LESS = Text("less", "меньше")
EXPLAINED = Text(
    "In brackets: 95 % intervals.",
    "В скобках — 95-процентные интервалы.",
)


def table(result: "Result", locale: str) -> str:
    """A code block, a row for each measure; empty where too little was measured.

    Two sides: the difference on the same rows too, and whether it can be chance.
    """
    if result.tally.rows < LEAST_COUNTED:
        return ""
    rows = [row for measure in NAMES if (row := _row(result, measure, locale))]
    cells = [_heads(result, locale), *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "\n```\n" + "\n".join(lines) + "\n```\n" + EXPLAINED.to(locale)


def name(version: int) -> Text:
    """A side's version, or that it is what answers now."""
    return Text(f"v{version}", f"v{version}") if version >= 0 else NOW


def _heads(result: "Result", locale: str) -> list[str]:
    names = [name(side.version).to(locale) for side in result.plan.sides]
    return ["", *names, f"{names[1]} − {names[0]}"] if len(names) > 1 else ["", *names]


def _row(result: "Result", measure: str, locale: str) -> list[str]:
    found = [side.of(measure) for side in result.tally.sides]
    if not any(found):
        return []
    cells = [NAMES[measure].to(locale), *map(_cell, found)]
    return [*cells, _gain(result, measure, locale)] if len(found) > 1 else cells


def _cell(found: "Estimate | None") -> str:
    if found is None:
        return "—"
    low, high = round(100 * found.low), round(100 * found.high)
    return f"{100 * found.value:.1f} % ({low}–{high})"


def _gain(result: "Result", measure: str, locale: str) -> str:
    found = result.tally.gain(measure)
    if found is None:
        return "—"
    words = (MORE, LESS) if measure == "refused" else (BETTER, WORSE)
    verdict = words[0] if found.low > 0 else words[1] if found.high < 0 else SAME
    figures = f"{100 * found.value:+.1f} ({100 * found.low:+.1f} … {100 * found.high:+.1f})"
    return f"{figures} {verdict.to(locale)}"
