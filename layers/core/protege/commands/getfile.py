"""/getfile: one of the guild's own files."""

from typing import Annotated

from protege.commands.giving import handed
from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.text import Text
from protege.ui.declare import Option, Permission, command

HERE = Text("`{path}`", "`{path}`")


def files(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's own files; folders lead on to theirs."""
    return tuple(Choice(path, path) for path in ctx.bot.shelves.files(ctx.space, typed))


@command(
    title=Text("getfile", "файл"),
    about=Text("Get one of this server's files", "Получить файл этого сервера"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def getfile(
    ctx: Context,
    file_path: Annotated[
        str,
        Option(
            Text("A file here, like archives/faq.zip", "Файл, например archives/faq.zip"),
            suggest=files,
            longest=1000,
        ),
    ],
) -> Reply:
    """The file where it fits a message, else a link that soon ends."""
    path = ctx.bot.shelves.find(ctx.space, file_path)
    key = f"guilds/{ctx.space}/{path}"
    return handed(ctx, key, path.rpartition("/")[2], ctx.say(HERE, path=path))
