"""Replies that lead to more than one act, kept until all is done: a crash repeats none of it."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from protege.discord.reply import Button, Embed, File, Reply
from protege.errors import Missing
from protege.shapes import in_order
from protege.storage import Files
from protege.voice.orders import Order


class Outbox:
    """One interaction's replies. A mere message is not kept: filled in twice, it shows once."""

    def __init__(self, files: Files, interaction: str) -> None:
        self._files = files
        self._key = f"outbox/{interaction}.json"

    def kept(self) -> list[Reply]:
        """The replies that an earlier try left, or none."""
        try:
            return [_reply(fields) for fields in json.loads(self._files.read(self._key))]
        except Missing:
            return []

    def keep(self, replies: Sequence[Reply]) -> list[Reply]:
        """Store the replies if they are several or lead further; return them."""
        if _worth_keeping(replies):
            body = json.dumps([_fields(reply) for reply in replies]).encode()
            self._files.write(self._key, body)
        return list(replies)

    def clear(self, replies: Sequence[Reply]) -> None:
        """All are out."""
        if _worth_keeping(replies):
            self._files.delete(self._key)


def _worth_keeping(replies: Sequence[Reply]) -> bool:
    last = replies[-1]
    return len(replies) > 1 or bool(last.job or last.voice or last.above)


def _fields(reply: Reply) -> dict[str, Any]:
    files = [[f.name, base64.b64encode(f.body).decode(), f.type] for f in reply.files]
    above = _fields(reply.above) if reply.above else None
    return {**reply._asdict(), "files": files, "above": above}


def _reply(fields: dict[str, Any]) -> Reply:
    return Reply(
        fields["content"],
        tuple(in_order(Button, button) for button in fields["buttons"]),
        fields["private"],
        tuple(File(name, base64.b64decode(body), type) for name, body, type, *_ in fields["files"]),
        in_order(Embed, fields["embed"]) if fields["embed"] else None,
        fields["answer"],
        fields.get("job", ""),
        _reply(fields["above"]) if fields.get("above") else None,
        in_order(Order, fields["voice"]) if fields.get("voice") else None,
    )
