"""/dataset export and /dataset diff."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.dataset.choosing import EITHER, LONGEST_PATH, datasets
from protege.commands.giving import handed
from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protege.datasets.compare import Difference
    from protege.datasets.rows import Row

CORRECTIONS = "@corrections"
ALL_CORRECTIONS = Text("All corrections that count", "Все действующие исправления")
FORMATS = (
    Choice("OpenAI chat JSONL", "chat"),
    Choice("OpenAI preference JSONL", "preference"),
    Choice("CSV", "csv"),
)
NO_FORMAT = Text("The format is chat, preference or csv.", "Формат: chat, preference или csv.")
EXPORTED = Text("`{path}` as {format}: {n} rows.", "`{path}` в виде {format}: строк — {n}.")
NONE = Text(
    "No row of `{path}` fits the format {format} (preference needs a right and a wrong answer).",
    "Ни одна строка `{path}` не подходит к формату {format} (для preference нужны оба ответа).",
)
DIFFERENCE = Text(
    "**{first}** → **{second}**: {added} added, {removed} removed, {changed} with other answers, "
    "{same} the same.",
    "**{first}** → **{second}**: добавлено {added}, убрано {removed}, с другими ответами "
    "{changed}, без изменений {same}.",
)
SAMPLES = {
    "added": Text("➕ {row}", "➕ {row}"),
    "removed": Text("➖ {row}", "➖ {row}"),
    "changed": Text("✏️ {row}", "✏️ {row}"),
}


def formats(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The formats there are."""
    return tuple(choice for choice in FORMATS if typed.lower() in choice.name.lower())


def exportable(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Folders, frozen versions, and what people corrected."""
    corrections = Choice(ctx.say(ALL_CORRECTIONS), CORRECTIONS)
    own = (corrections,) if typed.lower() in f"{corrections.name} {CORRECTIONS}".lower() else ()
    return own + datasets(ctx, typed)


EXPORTABLE = Option(
    Text("A folder, a frozen version, or @corrections", "Папка, версия или @corrections"),
    suggest=exportable,
    longest=LONGEST_PATH,
)
FORMAT = Option(Text("chat, preference or csv", "chat, preference или csv"), suggest=formats)


@command(
    title=Text("dataset export", "данные выгрузить"),
    about=Text("A dataset as a file that providers take", "Набор в виде файла для провайдеров"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_export(
    ctx: Context, path: Annotated[str, EXPORTABLE], format: Annotated[str, FORMAT] = "chat"
) -> Reply:
    """The file itself where it fits, else a link."""
    from protege.datasets import writing

    if format not in writing.FORMATS:
        raise UserError(NO_FORMAT)
    ending, write = writing.FORMATS[format]
    rows = writing.Counted(_exported(ctx, path))
    name = f"{path.replace('/', '-')}-{format}.{ending}"
    key = f"guilds/{ctx.space}/exports/{ctx.interaction.id}-{format}.{ending}"
    written = writing.Counted(write(rows))
    ctx.bot.sharing.write(key, written)
    if not written.count:
        raise UserError(NONE, path=path, format=format)
    n = rows.count if format == "csv" else written.count
    said = ctx.say(EXPORTED, path=path, format=format, n=n)
    return handed(ctx, key, name, said)


def _exported(ctx: Context, path: str) -> "Iterator[Row]":
    if path == CORRECTIONS:
        return ctx.bot.proposals.pairs(ctx.space)
    return ctx.bot.versions.rows_of(ctx.space, path, ctx.bot.library)


@command(
    title=Text("dataset diff", "данные сравнить"),
    about=Text("What one dataset has and another has not", "Чем один набор отличается от другого"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_diff(
    ctx: Context, first: Annotated[str, EITHER], second: Annotated[str, EITHER]
) -> Reply:
    """Counts, and a few of each kind."""
    from protege.datasets.compare import difference

    library, versions = ctx.bot.library, ctx.bot.versions
    before = versions.rows_of(ctx.space, first, library)
    found = difference(before, versions.rows_of(ctx.space, second, library))
    return Reply("\n".join(_lines(ctx, first, second, found)), private=True)


def _lines(ctx: Context, first: str, second: str, found: "Difference") -> list[str]:
    counts = {n: getattr(found, n) for n in ("added", "removed", "changed", "same")}
    lines = [ctx.say(DIFFERENCE, first=first, second=second, **counts)]
    for kind, texts in found.samples.items():
        lines += [ctx.say(SAMPLES[kind], row=" ".join(text.split())) for text in texts]
    return lines
