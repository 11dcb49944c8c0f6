"""/select_dataset: what `/train` learns from when it is given nothing else."""

from typing import Annotated

from protege.commands.dataset.choosing import EITHER, POSITIVE
from protege.context import Context
from protege.discord.reply import Reply
from protege.text import Text
from protege.ui.declare import Permission, command

SELECTED = Text(
    "Selected: version `{name}` of `{source}` with {rows} rows ({rejected} left out), as {side}. "
    "It will not change when the folder does. `/train` without data teaches it.",
    "Выбрана версия `{name}` из `{source}`: строк {rows} (пропущено {rejected}), {side}. Она не "
    "изменится вместе с папкой. `/train` без данных обучит по ней.",
)
SIDES = {
    True: Text("examples of what to say", "как пример того, что отвечать"),
    False: Text("examples of what not to say", "как пример того, чего не отвечать"),
}


@command(
    title=Text("select_dataset", "выбрать_данные"),
    about=Text(
        "Freeze a folder and choose it for training", "Заморозить папку и выбрать для обучения"
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def select_dataset(
    ctx: Context,
    path_to_dir_positive: Annotated[str, EITHER],
    positive: Annotated[bool, POSITIVE] = True,
) -> Reply:
    """Make an immutable version of the folder as it is now, and select it."""
    versions = ctx.bot.versions
    person, id = ctx.interaction.user, ctx.interaction.id
    version = versions.freeze_or_get(ctx.space, id, path_to_dir_positive, ctx.bot.library, person)
    versions.select(ctx.space, version, positive)
    said = {"name": version.name, "source": version.source, "rows": version.rows}
    side = ctx.say(SIDES[positive])
    return Reply(ctx.say(SELECTED, **said, rejected=version.rejected, side=side), private=True)
