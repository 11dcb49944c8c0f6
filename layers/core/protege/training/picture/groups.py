"""What of a training's report is drawn as bars."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from protege.text import Text

TESTED = Text("Lessons: {n} asked", "Уроки: {n} вопр.")
SAID = Text("Model: {n} asked", "Модель: {n} вопр.")
COMMONEST = Text("most common answer", "самый частый ответ")
SPELLING = Text("spelling alone", "только по буквам")
BEFORE, NOW = Text("before", "было"), Text("now", "стало")
GREEN, RED, GREY, BLUE = "#4fd694", "#f0716f", "#6d727d", "#8ea1ff"
KINDS = (
    (Text("right", "верно"), GREEN),
    (Text("wrong", "неверно"), RED),
    (Text("not answered", "без ответа"), GREY),
)


class Bar(NamedTuple):
    """`parts`: shares from 0 to 1 with their colours, from below; the first is what counts."""

    said: Text
    parts: tuple[tuple[float, str], ...]


class Group(NamedTuple):
    """Bars about the same questions, `rows` of them."""

    title: Text
    rows: int
    bars: tuple[Bar, ...]


def groups_of(report: Mapping[str, Any], *, brief: bool) -> list[Group]:
    """The lessons' bars and the model's; `brief`: without what any simpler way would give."""
    found = [_lessons(report, brief), _model(report.get("proof") or {})]
    return [group for group in found if group.bars]


def _lessons(report: Mapping[str, Any], brief: bool) -> Group:
    now = report.get("evaluation") or {}
    before = (report.get("compared") or {}).get("evaluation") or {}
    bars = [] if brief else _baseline(now.get("baseline") or {})
    bars += [_measured(said, m) for said, m in ((BEFORE, before), (NOW, now)) if m.get("rows")]
    return Group(TESTED, now.get("rows", 0), tuple(bars) if now.get("rows") else ())


def _baseline(found: Mapping[str, float]) -> list[Bar]:
    """Always the commonest answer, and what is spelt most alike: neither ever refuses."""
    named = ((COMMONEST, "majority"), (SPELLING, "lexical"))
    return [Bar(said, ((found[name], BLUE),)) for said, name in named if name in found]


def _measured(said: Text, found: Mapping[str, float]) -> Bar:
    names = ("accuracy", "wrong", "refused")
    return Bar(said, tuple((found[n], kind[1]) for n, kind in zip(names, KINDS, strict=True)))


def _model(proof: Mapping[str, Any]) -> Group:
    pairs = ((BEFORE, "before"), (NOW, "after"))
    bars = [Bar(said, ((proof[name], BLUE),)) for said, name in pairs if name in proof]
    return Group(SAID, proof.get("rows", 0), tuple(bars))
