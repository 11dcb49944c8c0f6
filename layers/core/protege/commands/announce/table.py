"""Two versions on the same questions, as a table in a message."""

from collections.abc import Mapping
from typing import Any

from protege.text import Text

HEAD = (Text("before", "было"), Text("now", "стало"))
ROWS = (
    ("accuracy", Text("right", "верно")),
    ("wrong", Text("wrong", "неверно")),
    ("refused", Text("not answered", "без ответа")),
)
MODEL = Text("model's answers", "ответы модели")
GAINED = Text(
    "Only the new one knew {gained}, only the old one {lost}: {verdict}.",
    "Только новая знала {gained}, только прежняя {lost}: {verdict}.",
)
VERDICTS = {
    "better": Text("the new one is better, surely", "новая лучше, это не случайность"),
    "same": Text("that may be chance", "это может быть случайностью"),
    "worse": Text("the new one is worse, surely", "новая хуже, это не случайность"),
}


def table(
    compared: Mapping[str, Any], now: Mapping[str, Any], proof: Mapping[str, Any], locale: str
) -> str:
    """Shares of right, wrong and no answers before and now, and what to make of them; also what
    the answers of a provider's model are worth, where they were asked for.

    `compared`, `now` (its evaluation), `proof`: of a training job's report.
    """
    before = compared.get("evaluation") or {}
    lines = [["", *(head.to(locale) for head in HEAD)]]
    lines += [[t.to(locale), _percent(before, name), _percent(now, name)] for name, t in ROWS]
    worth = [_percent(proof, name) for name in ("before", "after")]
    lines += [[MODEL.to(locale), *worth]] if "after" in proof else []
    widths = [max(len(line[n]) for line in lines) for n in range(3)]
    drawn = "\n".join(
        f"{name:<{widths[0]}}  {was:>{widths[1]}}  {is_:>{widths[2]}}" for name, was, is_ in lines
    )
    numbers = {name: compared.get(name, 0) for name in ("gained", "lost")}
    verdict = VERDICTS[compared.get("verdict", "same")]
    return f"```\n{drawn}\n```\n{GAINED.to(locale, **numbers, verdict=verdict)}"


def _percent(measured: Mapping[str, Any], name: str) -> str:
    return f"{100 * measured[name]:.1f} %" if name in measured else "—"
