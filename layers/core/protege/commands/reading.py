"""Reading what people attach to a command."""

from typing import TYPE_CHECKING

from protege.errors import UserError
from protege.text import Text

if TYPE_CHECKING:
    from protege.context import Context
    from protege.discord.interaction import Attachment

NO_SOUND = Text(
    en="I cannot listen to “{name}” here yet; attach a text file.",
    ru="Я пока не умею слушать «{name}»; прикрепите текстовый файл.",
)
SOUNDS = (".ogg", ".mp3", ".m4a", ".wav", ".flac", ".opus")


def document(ctx: "Context", file: "Attachment") -> str:
    """The text of an attached file. Raises UserError."""
    from protege.datasets.rows import decode

    if file.filename.lower().endswith(SOUNDS):
        raise UserError(NO_SOUND, name=file.filename)
    body = ctx.bot.attachments.fetch(file.filename, file.url, file.size)
    return decode(file.filename, body)
