"""`/chat/completions`. Source: https://platform.openai.com/docs/api-reference/chat."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify

from playground.openai import checks
from playground.openai.errors import invalid
from playground.openai.journal import now
from playground.openai.models import MODELS, base
from playground.openai.routes import prompts
from playground.openai.routes.streams import event, streamed
from playground.openai.speech.speaker import Asked, Said
from playground.openai.store import Json, fresh

routes = Blueprint("chat", __name__)
FIELDS: checks.Kinds = {
    "model": (str,),
    "messages": (list,),
    "stream": (bool,),
    "stream_options": (dict,),
    "store": (bool,),
    "reasoning_effort": (str,),
    "max_completion_tokens": (int,),
    "max_tokens": (int,),
    "temperature": (float,),
    "top_p": (float,),
    "n": (int,),
    "seed": (int,),
    "metadata": (dict,),
    "prompt_cache_key": (str,),
    "safety_identifier": (str,),
    "user": (str,),
    "response_format": (dict,),
    "service_tier": (str,),
}
STREAM: checks.Kinds = {"include_usage": (bool,), "include_obfuscation": (bool,)}


@routes.post("/chat/completions")
def create() -> Response:
    """Answer, whole or in pieces."""
    wish = checks.body(FIELDS, ("model", "messages"))
    asked = _asked(wish)
    said = prompts.said(asked, "messages")
    head = {"id": fresh("chatcmpl-", 29), "created": now(), "model": asked.model}
    if wish.get("stream"):
        usage = (wish.get("stream_options") or {}).get("include_usage", False)
        return streamed(_chunks(head, said, usage))
    message: Json = {"role": "assistant", "content": said.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(said)}
    whole = {**head, "object": "chat.completion", "choices": [choice], "usage": _usage(said)}
    return jsonify({**whole, "service_tier": "default", "system_fingerprint": None})


def _asked(wish: Json) -> Asked:
    model = prompts.model(wish)
    prompts.keys(wish)
    thinks = prompts.thinks(model, wish.get("reasoning_effort"), wish, "reasoning_effort")
    checks.fields(wish.get("stream_options") or {}, STREAM, (), "stream_options.")
    if wish.get("stream_options") and not wish.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise invalid(message, "stream_options")
    checks.between(wish.get("n"), 1, 1, "n")
    if wish.get("max_tokens") and MODELS[base(model)].reasons:
        message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        raise invalid(message, "max_tokens", "unsupported_parameter")
    most = wish.get("max_completion_tokens") or wish.get("max_tokens")
    checks.between(most, 1, 128_000, "max_completion_tokens")
    turns = prompts.turns(wish["messages"], "messages", ("text",))
    return Asked(model, "", turns, most, thinks, wish.get("prompt_cache_key") or "")


def _chunks(head: Json, said: Said, usage: bool) -> Iterator[tuple[bytes, bool]]:
    head = {**head, "object": "chat.completion.chunk", "system_fingerprint": None}
    none: Json = {"usage": None} if usage else {}
    yield event({**head, "choices": [_delta({"role": "assistant", "content": ""})], **none}), False
    for piece in said.pieces:
        yield event({**head, "choices": [_delta({"content": piece})], **none}), True
    yield event({**head, "choices": [_delta({}, _reason(said))], **none}), False
    if usage:
        yield event({**head, "choices": [], "usage": _usage(said)}), False
    yield b"data: [DONE]\n\n", False


def _delta(delta: Json, reason: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}


def _reason(said: Said) -> str:
    return "length" if said.cut else "stop"


def _usage(said: Said) -> Json:
    return {
        "prompt_tokens": said.tokens_in,
        "completion_tokens": said.tokens_out,
        "total_tokens": said.tokens_in + said.tokens_out,
        "prompt_tokens_details": {"cached_tokens": said.cached},
        "completion_tokens_details": {"reasoning_tokens": said.thought},
    }
