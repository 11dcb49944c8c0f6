"""What a message may hold.

Source: https://docs.discord.com/developers/resources/message
"""

from collections.abc import Sequence
from typing import Any

from playground.discord.errors import ApiError, Faults, typed
from playground.discord.files import LARGEST, Upload
from playground.discord.posts import COMPONENTS_V2, VOICE_MESSAGE
from playground.discord.rules.components import check_message_components

Json = dict[str, Any]
CONTENT = 2000
EMBED_TEXTS = {"title": 256, "description": 4096}
EMBED_PARTS = {"footer": ("text", 2048), "author": ("name", 256)}
ALL_EMBED_TEXT = 6000


@typed
def check_message(body: Json, uploads: Sequence[Upload], *, editing: bool = False) -> None:
    """Raises ApiError: 50035 for a fault in a field, 50006 for an empty message, 40005; 50159 to
    50161 for a voice message that is none.
    """
    faults = Faults()
    faults.length("content", body.get("content"), 0, CONTENT)
    embeds = _list(faults, body, "embeds", 10)
    for number, embed in enumerate(embeds):
        _check_embed(faults, f"embeds.{number}", embed)
    faults.check(
        sum(_text_of(e) for e in embeds) <= ALL_EMBED_TEXT,
        "embeds",
        "Embed size exceeds maximum size of 6000",
        "MAX_EMBED_SIZE_EXCEEDED",
    )
    flags = body.get("flags") or 0
    if not isinstance(flags, int):
        faults.add("flags", "BASE_TYPE_BAD_TYPE", "Only a whole number is allowed.")
        flags = 0
    v2 = bool(flags & COMPONENTS_V2)
    check_message_components(faults, _list(faults, body, "components", 40 if v2 else 5), v2=v2)
    if v2:
        _check_v2(faults, body)
    _check_files(faults, body, uploads)
    faults.answer()
    if flags & VOICE_MESSAGE:
        _check_voice(body, uploads)
    if not editing and _empty(body, uploads):
        raise ApiError(400, 50006)


def _check_voice(body: Json, uploads: Sequence[Upload]) -> None:
    """Source: https://docs.discord.com/developers/resources/message#voice-messages"""
    if body.get("content") or body.get("embeds") or body.get("components"):
        raise ApiError(400, 50159)
    if len(uploads) != 1 or not uploads[0].type.startswith("audio/"):
        raise ApiError(400, 50160)
    notes = (body.get("attachments") or [{}])[0]
    if not isinstance(notes.get("duration_secs"), (int, float)) or not notes.get("waveform"):
        raise ApiError(400, 50161)


def _empty(body: Json, uploads: Sequence[Upload]) -> bool:
    has = any(body.get(name) for name in ("embeds", "components", "poll", "sticker_ids"))
    return not (has or uploads or (body.get("content") or "").strip())


def _list(faults: Faults, body: Json, name: str, most: int) -> list[Json]:
    found = body.get(name) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        faults.add(name, "BASE_TYPE_BAD_TYPE", "Only a list of objects is allowed.")
        return []
    faults.count(name, found, 0, most)
    return found


def _check_embed(faults: Faults, path: str, embed: Json) -> None:
    for name, most in EMBED_TEXTS.items():
        faults.length(f"{path}.{name}", embed.get(name), 0, most)
    for name, (text, most) in EMBED_PARTS.items():
        if isinstance(embed.get(name), dict):
            faults.length(f"{path}.{name}.{text}", embed[name].get(text), 1, most)
    fields = embed.get("fields") or []
    faults.count(f"{path}.fields", fields, 0, 25)
    for number, field in enumerate(fields):
        faults.length(f"{path}.fields.{number}.name", field.get("name", ""), 1, 256)
        faults.length(f"{path}.fields.{number}.value", field.get("value", ""), 1, 1024)


def _text_of(embed: Json) -> int:
    texts = [embed.get(name) for name in EMBED_TEXTS]
    texts += [(embed.get(name) or {}).get(text) for name, (text, _) in EMBED_PARTS.items()]
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _check_v2(faults: Faults, body: Json) -> None:
    for name in ("content", "embeds", "poll"):
        faults.check(
            not body.get(name),
            name,
            "The 'content' and similar fields cannot be used with MessageFlags.IS_COMPONENTS_V2",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        )


def _check_files(faults: Faults, body: Json, uploads: Sequence[Upload]) -> None:
    if any(len(upload.body) > LARGEST for upload in uploads):
        raise ApiError(413, 40005)
    faults.count("attachments", body.get("attachments") or list(uploads), 0, 10)
    indices = {str(upload.number) for upload in uploads}
    for number, item in enumerate(body.get("attachments") or []):
        id = str(item.get("id", ""))
        # Real ids are long; a short one means the n of files[n].
        missing = len(id) < 4 and id not in indices
        faults.check(not missing, f"attachments.{number}", f"No file with index {id}")
