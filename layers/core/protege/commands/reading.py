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
    en="I cannot listen to “{name}” here yet; attach a text file.",
    ru="Я пока не умею слушать «{name}»; прикрепите текстовый файл.",
)
SOUNDS = (".ogg", ".mp3", ".m4a", ".wav", ".flac", ".opus")


def document(ctx: "Context", file: "Attachment") -> str:
    """The text of an attached file. Raises UserError."""
    from protege.datasets.reading import decode

    return decode(file.filename, b"".join(arriving(ctx, file)))


def rows(ctx: "Context", file: "Attachment") -> "Iterator[Row | Problem]":
    """The rows of an attached file, of which none needs an answer. Raises UserError."""
    from protege.datasets.reading import read

    return read(arriving(ctx, file), file.filename, answers=False)


def arriving(ctx: "Context", file: "Attachment") -> Iterator[bytes]:
    """The bytes of an attached file as they come. Raises UserError, also while they do."""
    if file.filename.lower().endswith(SOUNDS):
        raise UserError(NO_SOUND, name=file.filename)
    return ctx.bot.attachments.open(file.filename, file.url, file.size)
