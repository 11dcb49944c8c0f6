"""What a client may send, checked as strictly as the rest of the API."""

from typing import Any

from playground.openai import checks
from playground.openai.errors import invalid
from playground.openai.store import Json
from playground.openai.voices import HZ, VARIANTS

EVENTS: dict[str, checks.Kinds] = {
    "session.update": {"session": (dict,)},
    "response.create": {"response": (dict,)},
    "response.cancel": {"response_id": (str,)},
}
SESSION: checks.Kinds = {
    "type": (str,),
    "model": (str,),
    "instructions": (str,),
    "output_modalities": (list,),
    "audio": (dict,),
    "reasoning": (dict,),
    "max_output_tokens": (int, str),
    "tools": (list,),
    "tool_choice": (str, dict),
    "truncation": (str, dict),
}
RESPONSE: checks.Kinds = {
    "conversation": (str,),
    "input": (list,),
    "instructions": (str,),
    "output_modalities": (list,),
    "audio": (dict,),
    "metadata": (dict,),
    "max_output_tokens": (int, str),
    "reasoning": (dict,),
}
INPUT: checks.Kinds = {
    "format": (dict,),
    "turn_detection": (dict,),
    "transcription": (dict,),
    "noise_reduction": (dict,),
}
OUTPUT: checks.Kinds = {"format": (dict,), "voice": (str,), "speed": (float,)}
FORMAT: checks.Kinds = {"type": (str,), "rate": (int,)}
EFFORTS = ("minimal", "low", "medium", "high", "xhigh")
ITEM: checks.Kinds = {
    "type": (str,),
    "role": (str,),
    "content": (list,),
    "id": (str,),
    "object": (str,),
    "status": (str,),
}
PART: checks.Kinds = {"type": (str,), "text": (str,)}
SLOWEST, FASTEST = 0.25, 1.5


def event(given: Any) -> Json:
    """A client's event. Raises ApiError."""
    if not isinstance(given, dict) or given.get("type") not in EVENTS:
        raise invalid(f"Invalid value for 'type': supported are {', '.join(EVENTS)}.", "type")
    about = {"type": (str,), "event_id": (str,), **EVENTS[given["type"]]}
    needed = ("session",) if given["type"] == "session.update" else ()
    checks.fields(given, about, needed)
    return given


def session(given: Json, reasons: bool) -> None:
    """What a session is to be like. Raises ApiError."""
    checks.fields(given, SESSION, ("type",), "session.")
    checks.one_of(given["type"], ("realtime",), "session.type")
    _modalities(given, "session.")
    if given.get("reasoning") and not reasons:
        raise invalid("This model does not reason.", "session.reasoning")
    checks.one_of((given.get("reasoning") or {}).get("effort"), EFFORTS, "session.reasoning.effort")
    audio = given.get("audio") or {}
    checks.fields(audio, {"input": (dict,), "output": (dict,)}, at="session.audio.")
    checks.fields(audio.get("input") or {}, INPUT, at="session.audio.input.")
    _output(audio.get("output") or {}, "session.audio.output.")


def response(given: Json) -> None:
    """What a response is to be like. Raises ApiError."""
    checks.fields(given, RESPONSE, at="response.")
    checks.one_of(given.get("conversation"), ("auto", "none"), "response.conversation")
    _modalities(given, "response.")
    output = (given.get("audio") or {}).get("output") or {}
    _output(output, "response.audio.output.")
    if "speed" in output:
        raise invalid("Unknown parameter.", "response.audio.output.speed", "unknown_parameter")


def text(given: Json) -> str:
    """All of what a response's input says. Raises ApiError."""
    said = []
    for n, item in enumerate(given.get("input") or ()):
        at = f"response.input[{n}]."
        checks.fields(item, ITEM, ("type", "role", "content"), at)
        checks.one_of(item["type"], ("message",), f"{at}type")
        checks.one_of(item["role"], ("user", "system"), f"{at}role")
        for part in item["content"]:
            checks.fields(part, PART, ("type", "text"), f"{at}content.")
            checks.one_of(part["type"], ("input_text",), f"{at}content.type")
            said.append(part["text"])
    return "\n".join(said)


def _modalities(given: Json, at: str) -> None:
    wished = given.get("output_modalities")
    if wished is not None and wished not in (["audio"], ["text"]):
        raise invalid("Supported are ['audio'] and ['text'].", f"{at}output_modalities")


def _output(given: Json, at: str) -> None:
    checks.fields(given, OUTPUT, at=at)
    checks.one_of(given.get("voice"), VARIANTS, f"{at}voice")
    checks.between(given.get("speed"), SLOWEST, FASTEST, f"{at}speed")
    format = given.get("format") or {}
    checks.fields(format, FORMAT, at=f"{at}format.")
    checks.one_of(format.get("type"), ("audio/pcm",), f"{at}format.type")
    checks.between(format.get("rate"), HZ, HZ, f"{at}format.rate")
