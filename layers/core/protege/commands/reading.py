"""Reading what people attach to a command."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protege.errors import UserError
from protege.text import Text

if TYPE_CHECKING:
    from protege.context import Context
    from protege.datasets.rows import Problem, Row
    from protege.discord.interaction import Attachment

NO_SOUND = Text(
    en="“{name}” is a sound; here I need a text file.",
    ru="«{name}» — звук, а здесь нужен текстовый файл.",
)
SOUNDS = (".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".webm")


def document(ctx: "Context", file: "Attachment") -> str:
    """The text of an attached file. Raises UserError."""
    from protege.datasets.reading import decode

    return decode(file.filename, b"".join(arriving(ctx, file)))


def is_sound(file: "Attachment") -> bool:
    """Whether there is something to listen to."""
    return file.filename.lower().endswith(SOUNDS)


def heard(ctx: "Context", file: "Attachment") -> str:
    """The words of an attached sound. Raises UserError, Unavailable."""
    from protege.hearing import likely

    body = ctx.bot.attachments.fetch(file.filename, file.url, file.size)
    language = ctx.bot.voice_rules.rules(ctx.space).language or ctx.interaction.locale
    hints = likely(ctx.bot.models, ctx.space)
    return ctx.bot.hearing.text(file.filename, body, language, hints, space=ctx.space)


def rows(ctx: "Context", file: "Attachment") -> "Iterator[Row | Problem]":
    """The rows of an attached file, of which none needs an answer. Raises UserError."""
    from protege.datasets.reading import read

    return read(arriving(ctx, file), file.filename, answers=False)


def arriving(ctx: "Context", file: "Attachment") -> Iterator[bytes]:
    """The bytes of an attached file as they come. Raises UserError, also while they do."""
    if is_sound(file):
        raise UserError(NO_SOUND, name=file.filename)
    return ctx.bot.attachments.open(file.filename, file.url, file.size)
