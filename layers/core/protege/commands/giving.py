"""A file as a reply: attached, or as a link."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.discord.reply import Embed, File, Reply
from protege.text import Text

if TYPE_CHECKING:
    from protege.sharing import Given

LINK = Text(
    "[Download]({link}) — {size} MB. The link works for {minutes} minutes; do not pass it on.",
    "[Скачать]({link}) — {size} МБ. Ссылка действует {minutes} минут; не передавайте её никому.",
)


def handed(ctx: Context, key: str, name: str, said: str) -> Reply:
    """The file under `key`, private, under a sentence. Raises Missing."""
    given = ctx.bot.sharing.give(key, name, ctx.interaction.attachment_limit)
    return shown(given, said, ctx.interaction.locale)


def shown(given: "Given", said: str, locale: str) -> Reply:
    """The file itself, or a link; S3's links are too long for a message but not for an embed."""
    from protege.sharing import LINK_S

    if given.body is not None:
        file = File(given.name, given.body, "application/octet-stream")
        return Reply(said, private=True, files=(file,))
    about = {"link": given.link, "size": round(given.size / 1e6, 1), "minutes": LINK_S // 60}
    return Reply(said, private=True, embed=Embed(given.name, LINK.to(locale, **about)))
