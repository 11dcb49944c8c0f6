"""A file as a reply: attached, or as a link."""

from protege.context import Context
from protege.discord.reply import File, Reply
from protege.sharing import LINK_S
from protege.text import Text

LINK = Text(
    "{said}\n[{name}]({link}) ({size} MB) — the link works for {minutes} minutes.",
    "{said}\n[{name}]({link}) ({size} МБ) — ссылка действует {minutes} минут.",
)


def handed(ctx: Context, key: str, name: str, said: str) -> Reply:
    """The file under `key`, private, under a sentence. Raises Missing."""
    given = ctx.bot.sharing.give(key, name, ctx.interaction.attachment_limit)
    if given.body is not None:
        file = File(name, given.body, "application/octet-stream")
        return Reply(said, private=True, files=(file,))
    about = {"name": name, "link": given.link, "size": round(given.size / 1e6, 1)}
    return Reply(ctx.say(LINK, said=said, **about, minutes=LINK_S // 60), private=True)
