"""`/audio/transcriptions`: a sound is really listened to, by PocketSphinx.

It knows English as such, and in any language the lines of `prompt`: they stand for what a better
recogniser makes of its context.
"""

from functools import cache

from flask import Blueprint, Response, jsonify, request

from playground.openai import checks
from playground.openai.asking import about, parts
from playground.openai.errors import invalid
from playground.openai.models import known
from protege import sounds
from protege.errors import UserError
from protege.providers.hearing.offline import OfflineTranscriber

routes = Blueprint("transcriptions", __name__)
FORM = {
    "model",
    "language",
    "prompt",
    "response_format",
    "temperature",
    "keywords[]",
    "languages[]",
}
ENDINGS = (".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".ogg", ".wav", ".webm")
MOST_BYTES = 25 << 20
MOST_S = 1500.0
"""As OpenAI's guide has them: https://developers.openai.com/api/docs/guides/speech-to-text"""
BY_THE_MINUTE = ("gpt-transcribe", "whisper-1")
TOKENS_PER_S = 10


@routes.post("/audio/transcriptions")
def create() -> Response:
    """The words of a sound file."""
    for name in request.form:
        if name not in FORM:
            raise invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    model = known(request.form.get("model", ""), "audio", parts().workshop.shelf)
    format = request.form.get("response_format", "json")
    checks.one_of(format, ("json", "text"), "response_format")
    pcm = _samples()
    words = _heard(pcm, request.form.get("language", "en"), request.form.get("prompt", ""))
    seconds = len(pcm) / sounds.WIDTH / sounds.HZ
    about(model)
    if format == "text":
        return Response(f"{words}\n", mimetype="text/plain")
    return jsonify({"text": words, "usage": _usage(model, seconds, words)})


def _samples() -> bytes:
    file = request.files.get("file")
    if file is None:
        raise invalid("Missing required parameter: 'file'.", "file", "missing_required_parameter")
    body, name = file.read(), file.filename or ""
    if not name.lower().endswith(ENDINGS):
        shown = ", ".join(f"'{ending[1:]}'" for ending in ENDINGS)
        raise invalid(f"Invalid file format. Supported formats: [{shown}]", "file")
    if len(body) > MOST_BYTES:
        raise invalid(f"Maximum content size limit ({MOST_BYTES}) exceeded.", "file")
    try:
        pcm = sounds.samples(name, body, MOST_S)
    except UserError:
        raise invalid("Audio file might be corrupted or unsupported", "file") from None
    if len(pcm) < 0.1 * sounds.HZ * sounds.WIDTH:
        message = "Audio file is too short. Minimum audio length is 0.1 seconds."
        raise invalid(message, "file", "audio_too_short")
    return pcm


def _heard(pcm: bytes, language: str, prompt: str) -> str:
    said = []
    for piece in sounds.pieces(pcm):
        listening = _ears().begin(language, prompt.splitlines())
        listening.feed(piece)
        said.append(listening.end())
    return " ".join(filter(None, said))


def _usage(model: str, seconds: float, words: str) -> dict[str, int | str]:
    if model in BY_THE_MINUTE:
        return {"type": "duration", "seconds": round(seconds)}
    read, made = round(seconds * TOKENS_PER_S), len(words.split())
    return {
        "type": "tokens",
        "input_tokens": read,
        "output_tokens": made,
        "total_tokens": read + made,
    }


@cache
def _ears() -> OfflineTranscriber:
    return OfflineTranscriber()
