"""What was said in a conversation, in OpenAI's shape and in ShareGPT's.

Of several turns the last answered question becomes the row. Earlier turns are left out: a lesson is
found again by its likeness to one question asked alone, which a prefixed conversation would drown.
Source: https://platform.openai.com/docs/guides/supervised-fine-tuning#formatting-your-data
"""

from collections.abc import Mapping, Sequence
from typing import Any

ASKS = frozenset({"user", "human", "prompter", "пользователь"})
ANSWERS = frozenset({"assistant", "gpt", "bot", "model", "chatgpt", "бот", "ассистент"})


def said(turns: Sequence[Any], *, answered: bool = True) -> tuple[str, str]:
    """(question, answer): the last question that has one; either may be empty.

    `answered`: False prefers a question at the end that nobody has answered (data to test with).
    """
    pair, last = ("", ""), ""
    for role, words in map(_turn, turns):
        if role in ASKS and words:
            last = words
        elif role in ANSWERS and words and (last or not pair[0]):
            pair, last = (last, words), ""
    return (last, "") if last and not (answered and pair[0]) else pair


def content(value: Any) -> str:
    """Text out of a string, a number, a message, a list of messages or of content parts."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return str(value).lower()
        case list():
            return "\n".join(filter(None, map(content, _spoken(value))))
        case Mapping():
            return _inside(value)
        case _:
            return str(value)


def _turn(turn: Any) -> tuple[str, str]:
    """(role, words) of a message; one that is not to be learnt (weight 0) says nothing."""
    if not isinstance(turn, Mapping):
        return "", ""
    role = str(turn.get("role") or turn.get("from") or "").lower()
    return role, "" if turn.get("weight") == 0 else _inside(turn)


def _inside(value: Mapping[str, Any]) -> str:
    if isinstance(turns := value.get("messages"), list):
        return said(turns, answered=False)[0]
    named = (value.get(name) for name in ("content", "text", "value", "parts"))
    return content(next(filter(None, named), None))


def _spoken(values: Sequence[Any]) -> Sequence[Any]:
    """Of a conversation only what the bot says in it; anything else as it is."""
    answers = [value for value in values if _turn(value)[0] in ANSWERS]
    return answers or values
