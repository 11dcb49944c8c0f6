"""What came of asking a provider's model, in words."""

from collections.abc import Mapping
from typing import Any

from protege.commands.announce.table import VERDICTS
from protege.text import Text

ASKED = Text(
    "The model's answers to {rows} held-out questions are worth {after} of 100, of what answered "
    "until now {before}: {verdict}.",
    "Ответы модели на отложенные вопросы ({rows}) стоят {after} из 100, а того, что отвечало до "
    "сих пор, — {before}: {verdict}.",
)
UNASKED = Text(
    "The model was not asked: no question with an answer is held out.",
    "Модель не спрашивали: среди отложенных вопросов нет ни одного с ответом.",
)
STOPPED = Text("The model could not be proven: {why}", "Проверить модель не удалось: {why}")
CALLS = Text("(calls of models: {calls})", "(вызовов моделей: {calls})")
PRICED = Text(
    "(calls of models: {calls}, ${dollars:.2f})", "(вызовов моделей: {calls}, ${dollars:.2f})"
)
LINE = Text(
    "model: worth {after} of 100, before {before} ({rows} questions)",
    "модель: {after} из 100, раньше {before} (вопросов: {rows})",
)
UNPROVEN = Text("model: not proven", "модель: не проверена")
LONGEST_WHY = 600
"""Characters of an explanation."""


def told(proof: Mapping[str, Any], locale: str) -> str:
    """`report["proof"]` of a job; empty where it has none."""
    if not proof:
        return ""
    if "stopped" in proof:
        said = STOPPED.to(locale, why=why(proof, locale))
    elif not proof["rows"]:
        return UNASKED.to(locale)
    else:
        verdict = VERDICTS[proof["verdict"]].to(locale)
        said = ASKED.to(locale, **_numbers(proof), verdict=verdict)
    return f"{said} {_cost(proof, locale)}".strip()


def why(proof: Mapping[str, Any], locale: str) -> str:
    """Why the model could not be asked."""
    return Text(**proof["stopped"]).to(locale)[:LONGEST_WHY]


def line(proof: Mapping[str, Any], locale: str) -> str:
    """The same in a few words; empty where there is nothing to say."""
    if "stopped" in proof:
        return UNPROVEN.to(locale)
    return LINE.to(locale, **_numbers(proof)) if proof.get("rows") else ""


def _numbers(proof: Mapping[str, Any]) -> dict[str, int]:
    worth = {name: round(100 * proof[name]) for name in ("before", "after")}
    return {"rows": proof["rows"], **worth}


def _cost(proof: Mapping[str, Any], locale: str) -> str:
    if not proof.get("calls"):
        return ""
    words = CALLS if proof.get("dollars") is None else PRICED
    return words.to(locale, calls=proof["calls"], dollars=proof.get("dollars") or 0.0)
