"""`/audio/speech`: a text is really spoken, streamed as sound or as events."""

import base64
from collections.abc import Iterator

from flask import Blueprint, Response, stream_with_context

from playground.openai import checks
from playground.openai.asking import about, cut_after, hang_up, parts
from playground.openai.errors import invalid
from playground.openai.models import known
from playground.openai.routes.streams import event, streamed
from playground.openai.speech.tokens import count
from playground.openai.store import Json
from playground.openai.voices import (
    FORMATS,
    OLD,
    SPEECH_ONLY,
    TOKENS_PER_S,
    VARIANTS,
    packed,
    seconds,
    spoken,
)

routes = Blueprint("voices", __name__)
FIELDS: checks.Kinds = {
    "input": (str,),
    "model": (str,),
    "voice": (str, dict),
    "instructions": (str,),
    "response_format": (str,),
    "speed": (float,),
    "stream_format": (str,),
}
MOST_LETTERS = 4096
OLD_MODELS = ("tts-1", "tts-1-hd")
"""They are paid by the letter, take no instructions and send no events."""
PIECE = 4800


@routes.post("/audio/speech")
def create() -> Response:
    """The sound of a text."""
    wish = checks.body(FIELDS, ("input", "model", "voice"))
    model = known(wish["model"], "speech", parts().workshop.shelf)
    _check(wish, model in OLD_MODELS)
    sound = spoken(wish["input"], wish["voice"], wish.get("speed") or 1.0)
    usage = _usage(wish["input"], seconds(sound), model in OLD_MODELS)
    about(model, usage["input_tokens"], usage["output_tokens"])
    format = wish.get("response_format") or "mp3"
    body = sound if format == "pcm" else packed(sound, format)
    if wish.get("stream_format") == "sse":
        return streamed(_events(body, usage))
    kind = "audio/pcm" if format == "pcm" else FORMATS[format][0]
    return Response(stream_with_context(_pieces(body)), mimetype=kind)


def _check(wish: Json, old: bool) -> None:
    """Raises ApiError."""
    if not wish["input"].strip():
        raise invalid("Invalid 'input': a text must not be empty.", "input")
    if len(wish["input"]) > MOST_LETTERS:
        message = f"Invalid 'input': string too long, at most {MOST_LETTERS} characters."
        raise invalid(message, "input", "string_above_max_length")
    checks.one_of(wish.get("response_format"), [*FORMATS, "pcm"], "response_format")
    checks.one_of(wish.get("stream_format"), ("sse", "audio"), "stream_format")
    checks.between(wish.get("speed"), 0.25, 4.0, "speed")
    if isinstance(wish["voice"], dict):
        raise invalid("Custom voices are not known here.", "voice")
    checks.one_of(wish["voice"], OLD if old else [*VARIANTS, *SPEECH_ONLY], "voice")
    if old and wish.get("stream_format") == "sse":
        raise invalid("'sse' is not supported for this model.", "stream_format")
    if old and wish.get("instructions"):
        raise invalid("'instructions' do not work with this model.", "instructions")


def _usage(text: str, sound_s: float, old: bool) -> Json:
    given = len(text) if old else count(text)
    made = 0 if old else round(sound_s * TOKENS_PER_S)
    return {"input_tokens": given, "output_tokens": made, "total_tokens": given + made}


def _events(body: bytes, usage: Json) -> Iterator[tuple[bytes, bool]]:
    for at in range(0, len(body), PIECE):
        piece = base64.b64encode(body[at : at + PIECE]).decode()
        yield event({"type": "speech.audio.delta", "audio": piece}), True
    yield event({"type": "speech.audio.done", "usage": usage}), False


def _pieces(body: bytes) -> Iterator[bytes]:
    left = cut_after()
    for n, at in enumerate(range(0, len(body), PIECE)):
        if n == left:
            hang_up()
        yield body[at : at + PIECE]
