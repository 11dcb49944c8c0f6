"""`/responses`. Source: https://platform.openai.com/docs/api-reference/responses-streaming."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify

from playground.openai import checks
from playground.openai.errors import invalid
from playground.openai.journal import now
from playground.openai.routes import prompts
from playground.openai.routes.streams import event, streamed
from playground.openai.speech.conversation import Turn
from playground.openai.speech.speaker import Asked, Said
from playground.openai.store import Json, fresh

routes = Blueprint("responses", __name__)
FIELDS: checks.Kinds = {
    "model": (str,),
    "input": (str, list),
    "instructions": (str,),
    "stream": (bool,),
    "stream_options": (dict,),
    "store": (bool,),
    "reasoning": (dict,),
    "max_output_tokens": (int,),
    "temperature": (float,),
    "top_p": (float,),
    "metadata": (dict,),
    "prompt_cache_key": (str,),
    "safety_identifier": (str,),
    "user": (str,),
    "text": (dict,),
    "truncation": (str,),
    "service_tier": (str,),
    "previous_response_id": (str,),
}
REASONING: checks.Kinds = {"effort": (str,), "summary": (str,)}
PARTS = ("input_text", "output_text")
LEAST_OUTPUT = 16


@routes.post("/responses")
def create() -> Response:
    """Answer, whole or in pieces."""
    wish = checks.body(FIELDS, ("model", "input"))
    asked = _asked(wish)
    said = prompts.said(asked, "input")
    id = fresh("resp_", 48)
    if wish.get("stream"):
        return streamed(_events(wish, asked.model, said, id))
    return jsonify(_response(wish, asked.model, said, id, fresh("msg_", 48)))


def _asked(wish: Json) -> Asked:
    model = prompts.model(wish)
    prompts.keys(wish)
    reasoning = wish.get("reasoning") or {}
    checks.fields(reasoning, REASONING, (), "reasoning.")
    thinks = prompts.thinks(model, reasoning.get("effort"), wish, "reasoning.effort")
    checks.between(wish.get("max_output_tokens"), LEAST_OUTPUT, 128_000, "max_output_tokens")
    if before := wish.get("previous_response_id"):
        message = f"Previous response with id '{before}' not found."
        raise invalid(message, "previous_response_id", "previous_response_not_found")
    turns = _turns(wish["input"])
    most, key = wish.get("max_output_tokens"), wish.get("prompt_cache_key") or ""
    return Asked(model, wish.get("instructions") or "", turns, most, thinks, key)


def _turns(given: Any) -> tuple[Turn, ...]:
    if isinstance(given, str):
        return (Turn("user", given),)
    return prompts.turns(given, "input", PARTS)


def _events(wish: Json, model: str, said: Said, id: str) -> Iterator[tuple[bytes, bool]]:
    """All events in their order, numbered."""
    for number, (type, data) in enumerate(_happened(wish, model, said, id)):
        body = {"type": type, "sequence_number": number, **data}
        yield event(body, type), type.endswith(".delta")


def _happened(wish: Json, model: str, said: Said, id: str) -> Iterator[tuple[str, Json]]:
    item = fresh("msg_", 48)
    begun = _response(wish, model, None, id, item)
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    output, content = {"output_index": 0}, {"item_id": item, "output_index": 0, "content_index": 0}
    yield "response.output_item.added", {**output, "item": _message(item, None)}
    yield "response.content_part.added", {**content, "part": _part("")}
    for piece in said.pieces:
        yield "response.output_text.delta", {**content, "delta": piece, "logprobs": []}
    yield "response.output_text.done", {**content, "text": said.text, "logprobs": []}
    yield "response.content_part.done", {**content, "part": _part(said.text)}
    yield "response.output_item.done", {**output, "item": _message(item, said)}
    ended = _response(wish, model, said, id, item)
    yield f"response.{ended['status']}", {"response": ended}


def _response(wish: Json, model: str, said: Said | None, id: str, item: str) -> Json:
    """The object; without `said` it is one that has only begun."""
    ended = "incomplete" if said and said.cut else "completed"
    reasoning = wish.get("reasoning") or {}
    return {
        "id": id,
        "object": "response",
        "created_at": now(),
        "status": ended if said else "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if said and said.cut else None,
        "instructions": wish.get("instructions"),
        "max_output_tokens": wish.get("max_output_tokens"),
        "model": model,
        "output": [_message(item, said)] if said else [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "prompt_cache_key": wish.get("prompt_cache_key"),
        "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
        "safety_identifier": wish.get("safety_identifier"),
        "service_tier": "default",
        "store": wish.get("store") is not False,
        "temperature": wish.get("temperature"),
        "text": wish.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": wish.get("top_p"),
        "truncation": wish.get("truncation") or "disabled",
        "usage": _usage(said) if said else None,
        "user": wish.get("user"),
        "metadata": wish.get("metadata") or {},
    }


def _message(id: str, said: Said | None) -> Json:
    state = "in_progress" if said is None else "incomplete" if said.cut else "completed"
    content = [_part(said.text)] if said else []
    return {"id": id, "type": "message", "status": state, "role": "assistant", "content": content}


def _part(text: str) -> Json:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _usage(said: Said) -> Json:
    return {
        "input_tokens": said.tokens_in,
        "input_tokens_details": {"cached_tokens": said.cached, "cache_write_tokens": 0},
        "output_tokens": said.tokens_out,
        "output_tokens_details": {"reasoning_tokens": said.thought},
        "total_tokens": said.tokens_in + said.tokens_out,
    }
