"""What a training made of the guild's instruction, in words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from protege.text import Text

BETTER = Text(
    "📝 My instruction is a tuned one now: on {rows} questions that the tuning had not seen, "
    "answers are worth {after} of 100 with it, {before} without. {cost}",
    "📝 Моя инструкция теперь настроена: на {rows} вопросах, которых настройка не видела, ответы "
    "с ней стоят {after} из 100, без неё — {before}. {cost}",
)
NO_BETTER = Text(
    "📝 My instruction stays as it was: the best proposal was not surely better on {rows} "
    "questions that the tuning had not seen ({after} of 100, {before} without it). {cost}",
    "📝 Моя инструкция осталась прежней: лучшее предложение не стало заметно лучше на {rows} "
    "вопросах, которых настройка не видела ({after} из 100, без него {before}). {cost}",
)
NONE_FOUND = Text(
    "📝 My instruction stays as it was: no proposal was better. {cost}",
    "📝 Моя инструкция осталась прежней: ни одно предложение не стало лучше. {cost}",
)
STOPPED = Text(
    "📝 My instruction stays as it was: the budget was used up before a better one was proven. "
    "{cost}",
    "📝 Моя инструкция осталась прежней: бюджет закончился раньше, чем нашлась лучшая. {cost}",
)
COST = Text("({calls} calls of the model)", "(вызовов модели: {calls})")
COST_PRICED = Text(
    "({calls} calls of the model, ${dollars:.2f})", "(вызовов модели: {calls}, ${dollars:.2f})"
)
IN_FORCE = Text(
    "A training tuned it: answers to unseen questions were worth {after} of 100 with it, {before} "
    "without. What a trainer writes here replaces it.",
    "Её настроило обучение: ответы на незнакомые вопросы стоят с ней {after} из 100, без неё — "
    "{before}. Если тренер напишет здесь свою, она её заменит.",
)
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
LONGEST_LINE, LONGEST = 200, 900
"""Characters of a difference."""


def told(tuning: Mapping[str, Any], locale: str) -> str:
    """What came of a tuning: `report["tuning"]` of its job."""
    words = BETTER if tuning["kept"] else NO_BETTER if "after" in tuning else NONE_FOUND
    words = STOPPED if "stopped" in tuning else words
    numbers = {n: _percent(tuning[n]) for n in ("before", "after") if n in tuning}
    cost = _cost(tuning, locale)
    return words.to(locale, rows=tuning.get("rows", 0), cost=cost, **numbers).strip()


def in_force(tuned: Mapping[str, Any], locale: str) -> str:
    """That the instruction shown is a tuned one: `tuned` of a version's manifest."""
    before, after = _percent(tuned["before"]), _percent(tuned["after"])
    return IN_FORCE.to(locale, before=before, after=after)


def difference(was: str, now: str) -> str:
    """What changed, sentence by sentence, as a block that Discord colours; empty for nothing."""
    lines = list(_changes(was, now))
    if not lines:
        return ""
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(shown) + len(line) > LONGEST:
            shown.append("…")
            break
        shown.append(line)
    return "```diff\n{}\n```".format("\n".join(shown))


def _changes(was: str, now: str) -> Iterator[str]:
    from difflib import ndiff

    for line in ndiff(_sentences(was), _sentences(now)):
        if line[0] in "+-":
            yield line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _sentences(text: str) -> list[str]:
    plain = text.replace("```", "'''")
    return [part for part in SENTENCE.split(plain) if part.strip()]


def _cost(tuning: Mapping[str, Any], locale: str) -> str:
    if "calls" not in tuning:
        return ""
    words = COST if tuning.get("dollars") is None else COST_PRICED
    return words.to(locale, calls=tuning["calls"], dollars=tuning.get("dollars") or 0.0)


def _percent(share: float) -> int:
    return round(100 * share)
