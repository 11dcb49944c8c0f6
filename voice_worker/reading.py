"""What a message asks: its text, what is said in its sound files, the text of its other files."""

import asyncio
import re
from typing import NamedTuple

from protege.app import App
from protege.commands.ask import quoted
from protege.commands.reading import SOUNDS
from protege.datasets.reading import decode
from protege.discord.interaction import Attachment
from voice_worker.calls.knowing import Known, known
from voice_worker.line import Message

MOST_FILES = 4
"""Attachments of one message that are looked into."""
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp4", ".mov")


class Read(NamedTuple):
    """`head`: what is shown above the answer: what was heard, where the question was spoken."""

    text: str
    document: str = ""
    head: str = ""


class Reader:
    """That the bot is mentioned is no part of a question."""

    def __init__(self, app: App) -> None:
        self._app = app
        me = app.config.discord_application_id  # the bot's own id, too
        self._mention = re.compile(f"<@!?{re.escape(me)}>") if me else re.compile(r"^<@!?\d+>")

    async def read(self, message: Message) -> Read:
        """Raises UserError, Unavailable, ConfigError."""
        return await asyncio.to_thread(self._read, message)

    def _read(self, message: Message) -> Read:
        written = " ".join(self._mention.sub(" ", message.content).split(" ")).strip()
        files = message.attachments[:MOST_FILES]
        sounds = [file for file in files if message.voice or _is_sound(file)]
        heard = " ".join(self._heard(message, sounds)) if sounds else ""
        rest = [file for file in files if file not in sounds and not _is_picture(file)]
        texts = [self._text(file) for file in rest if written]
        text = "\n".join(filter(None, (written, heard)))
        return Read(text, "\n\n".join(texts), quoted(heard) if heard else "")

    def _heard(self, message: Message, sounds: list[Attachment]) -> list[str]:
        about = known(self._app, message.guild) if message.guild else Known()
        language, hints = about.language(message.locale), about.hints
        return [self._words(file, language, hints) for file in sounds]

    def _words(self, file: Attachment, language: str, hints: tuple[str, ...]) -> str:
        body = self._app.attachments.fetch(file.filename, file.url, file.size)
        return self._app.hearing.text(file.filename, body, language, hints)

    def _text(self, file: Attachment) -> str:
        body = self._app.attachments.fetch(file.filename, file.url, file.size)
        return decode(file.filename, body)


def _is_sound(file: Attachment) -> bool:
    return file.filename.lower().endswith(SOUNDS)


def _is_picture(file: Attachment) -> bool:
    """People decorate their messages with these; nothing in them can be read."""
    return file.filename.lower().endswith(PICTURES)
