"""A call's headers and body, and the JSON that comes back."""

import json
from collections.abc import Sequence
from typing import Any

import urllib3

from protege.discord.reply import File

AGENT = "DiscordBot (https://github.com/protege-bot/protege, 0.1)"


def authorized(token: str) -> dict[str, str]:
    """The header that says who calls, with the bot's token."""
    return {"Authorization": f"Bot {token}"}


def encode(body: Any, files: Sequence[File]) -> tuple[dict[str, str], bytes]:
    """Headers and body: JSON, or a form where files go with it.

    Source: https://docs.discord.com/developers/reference#uploading-files
    """
    payload = b"" if body is None else json.dumps(body).encode()
    if not files:
        return {"User-Agent": AGENT, "Content-Type": "application/json"}, payload
    parts: list[tuple[str, Any]] = [("payload_json", (None, payload, "application/json"))]
    parts += [(f"files[{i}]", (f.name, f.body, f.type)) for i, f in enumerate(files)]
    data, content_type = urllib3.encode_multipart_formdata(parts)
    return {"User-Agent": AGENT, "Content-Type": content_type}, data


def read_object(data: bytes) -> dict[str, Any]:
    """An answer's JSON object, {} where it is none."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
