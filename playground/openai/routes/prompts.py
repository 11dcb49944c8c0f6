"""What both ways of asking for an answer share: messages, models, limits."""

from collections.abc import Collection
from typing import Any

from flask import request

from playground.openai import checks
from playground.openai.asking import BEDROCK, about, parts
from playground.openai.errors import invalid
from playground.openai.models import MODELS, base, known
from playground.openai.speech.conversation import Turn
from playground.openai.speech.speaker import Asked, Said
from playground.openai.speech.tokens import count
from playground.openai.store import Json

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
CONTEXT = 128_000
"""Tokens of a prompt at most."""
LONGEST_KEY = 64
MESSAGE: checks.Kinds = {
    "role": (str,),
    "content": (str, list),
    "type": (str,),
    "name": (str,),
    "id": (str,),
    "status": (str,),
    "phase": (str,),
}
ROLES = ("system", "developer", "user", "assistant")


def turns(given: list[Any], param: str, kinds: Collection[str]) -> tuple[Turn, ...]:
    """The messages. `kinds`: types of the parts of a content. Raises ApiError."""
    if not given:
        raise invalid(f"Invalid '{param}': empty array.", param, "empty_array")
    return tuple(_turn(message, f"{param}[{n}]", kinds) for n, message in enumerate(given))


def _turn(message: Any, at: str, kinds: Collection[str]) -> Turn:
    if not isinstance(message, dict):
        raise invalid(f"Invalid type for '{at}': expected an object.", at, "invalid_type")
    checks.fields(message, MESSAGE, ("role", "content"), f"{at}.")
    checks.one_of(message["role"], ROLES, f"{at}.role")
    content = message["content"]
    if isinstance(content, str):
        return Turn(message["role"], content)
    return Turn(message["role"], "\n".join(_part(part, at, kinds) for part in content))


def _part(part: Any, at: str, kinds: Collection[str]) -> str:
    if not isinstance(part, dict):
        raise invalid(f"Invalid type for '{at}.content': expected objects.", f"{at}.content")
    checks.one_of(part.get("type", ""), kinds, f"{at}.content.type")
    return str(part.get("text", ""))


def model(wish: Json) -> str:
    """The model that was asked for. Raises ApiError."""
    name = wish["model"]
    if request.path.startswith(BEDROCK):
        name = name.removeprefix("openai.") if name.startswith("openai.") else f"not-here:{name}"
    return known(name, "chat", parts().workshop.shelf)


def keys(wish: Json) -> None:
    """Check the keys by which requests are told apart. Raises ApiError."""
    for name in ("prompt_cache_key", "safety_identifier"):
        if len(wish.get(name) or "") > LONGEST_KEY:
            message = f"Invalid '{name}': string too long, at most {LONGEST_KEY} are allowed."
            raise invalid(message, name, "string_above_max_length")


def thinks(model: str, effort: str | None, wish: Json, param: str) -> bool:
    """Whether it thinks first. Raises ApiError where it cannot do what is wished then."""
    checks.one_of(effort, EFFORTS, param)
    reasons = MODELS[base(model)].reasons
    if effort and not reasons:
        raise _unsupported(param)
    checks.between(wish.get("temperature"), 0, 2, "temperature")
    checks.between(wish.get("top_p"), 0, 1, "top_p")
    if reasons and effort != "none":
        for name in ("temperature", "top_p"):
            if wish.get(name) is not None:
                raise _unsupported(name)
    return reasons and effort != "none"


def said(asked: Asked, param: str) -> Said:
    """Let the model answer. Raises ApiError where the prompt is too long."""
    if count(asked.text) > CONTEXT:
        message = "Your input exceeds the context window of this model. Please adjust your input."
        raise invalid(message, param, "context_length_exceeded")
    answer = parts().speaker.say(asked)
    about(asked.model, answer.tokens_in, answer.tokens_out)
    return answer


def _unsupported(param: str) -> Exception:
    message = f"Unsupported parameter: '{param}' is not supported with this model."
    return invalid(message, param, "unsupported_parameter")
