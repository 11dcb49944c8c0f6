"""/model export: what a version was taught, as files that providers train on."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.giving import handed
from protege.commands.model.buttons import TRAINERS
from protege.commands.model.choosing import VERSION, number, trainers
from protege.context import Context
from protege.discord.reply import Button, Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, button, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from protege.datasets.exports import Exported, Format
    from protege.datasets.rows import Row

EXPORT = Text("Export", "Выгрузить")
WHICH = Text("In which format should **v{version}** be?", "В каком виде выгрузить **v{version}**?")
UNKNOWN = Text("The format is one of: {known}.", "Формат — один из: {known}.")
DONE = Text(
    "📦 **v{version}** as {format}: {n} rows, from its lessons, later corrections{votes}.{left}",
    "📦 **v{version}** в виде {format}: строк {n}, из её уроков, исправлений после "
    "неё{votes}.{left}",
)
VOTES = Text(" and votes in comparisons", " и голосов в сравнениях")
LEFT = Text("\n- left out {n}: {why}", "\n- не вошли {n}: {why}")
CUT = Text(
    "the provider takes at most {most} rows; these were left out evenly",
    "провайдер берёт не больше {most} строк; лишние пропущены равномерно",
)
FEW = Text(
    "Only {n} rows fit {format}, and the provider takes {least} at least.{left}\nTeach me more of "
    "them, or take `csv`.",
    "Для {format} подходит строк: {n}, а провайдеру нужно не меньше {least}.{left}\nДобавьте "
    "данных или возьмите `csv`.",
)
LARGE = Text(
    "The file would have {size} MB, and the provider takes {most} MB. Take `csv` and split it.",
    "Файл получился бы {size} МБ, а провайдер берёт {most} МБ. Возьмите `csv` и разделите его.",
)


def formats(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The formats there are."""
    from protege.datasets.exports import FORMATS

    found = (Choice(f"{name} · {ctx.say(f.about)}", name) for name, f in FORMATS.items())
    return tuple(choice for choice in found if typed.lower() in choice.name.lower())


@command(
    title=Text("model export", "модель выгрузить"),
    about=Text(
        "A version's lessons as a file for providers", "Уроки версии файлом для провайдеров"
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_export(
    ctx: Context,
    version: Annotated[str, VERSION],
    format: Annotated[
        str,
        Option(
            Text("sft, preference, bedrock, nova-preference, csv", "sft, preference, bedrock, csv"),
            suggest=formats,
            longest=20,
        ),
    ] = "sft",
    votes: Annotated[
        bool, Option(Text("With votes in comparisons (/compare)", "С голосами из /compare"))
    ] = True,
) -> Reply:
    """The file itself where it fits, else a link."""
    trainers(ctx)
    return _exported(ctx, number(version), format, votes)


@button(title=EXPORT, runs="later", needs=TRAINERS, private=True)
def export_version(ctx: Context, argument: str) -> Reply:
    """Ask for the format."""
    from protege.datasets.exports import FORMATS

    known = ctx.bot.promotion.get(ctx.space, number(argument))
    buttons = (
        Button(export_as.route(f"{known.number}.{name}"), ctx.say(format.about))
        for name, format in FORMATS.items()
    )
    return Reply(ctx.say(WHICH, version=known.number), tuple(buttons), private=True)


@button(title=EXPORT, runs="later", needs=TRAINERS, private=True)
def export_as(ctx: Context, argument: str) -> Reply:
    """A version in the format that was asked for."""
    version, _, format = argument.partition(".")
    return _exported(ctx, number(version), format, votes=True)


def _exported(ctx: Context, version: int, name: str, votes: bool) -> Reply:
    from protege.datasets.exports import FORMATS, Exported

    known = ctx.bot.promotion.get(ctx.space, version)
    if name not in FORMATS:
        raise UserError(UNKNOWN, known=", ".join(FORMATS))
    format = FORMATS[name]
    instruction = ctx.bot.models.instruction(ctx.space, known.number)
    found = Exported(format, _rows(ctx, known.number, votes), instruction)
    file = f"v{version}-{name}.{format.ending}"
    key = f"guilds/{ctx.space}/exports/{ctx.interaction.id}-{file}"
    size = ctx.bot.sharing.write(key, found)
    _check(ctx, format, name, found, size)
    also = ctx.say(VOTES) if votes else ""
    said = {"version": version, "format": name, "n": found.written, "votes": also}
    return handed(ctx, key, file, ctx.say(DONE, **said, left=_left(ctx, found, format)))


def _check(ctx: Context, format: "Format", name: str, found: "Exported", size: int) -> None:
    """Raises UserError where a provider would not take the file."""
    if found.written < format.least:
        said = {"n": found.written, "format": name, "least": format.least}
        raise UserError(FEW, **said, left=_left(ctx, found, format))
    if size > format.most_bytes:
        raise UserError(LARGE, size=size >> 20, most=format.most_bytes >> 20)


def _left(ctx: Context, found: "Exported", format: "Format") -> str:
    lines = [ctx.say(LEFT, n=n, why=why) for why, n in found.faults.items()]
    if found.cut:
        lines.append(
            ctx.say(LEFT, n=found.cut, why=CUT.to(ctx.interaction.locale, most=format.most))
        )
    return "".join(lines)


def _rows(ctx: Context, version: int, votes: bool) -> "Callable[[], Iterable[Row]]":
    """Everything that is known with the version, each row once; read anew at each call."""
    from protege.datasets.compare import merged

    def rows() -> "Iterator[Row]":
        preferred = ctx.bot.arena.preferred(ctx.space) if votes else ()
        return merged(
            _lessons(ctx, version), ctx.bot.proposals.pairs(ctx.space), (p.row for p in preferred)
        )

    return rows


def _lessons(ctx: Context, version: int) -> "Iterator[Row]":
    from protege.datasets.rows import Row

    for place, lesson in enumerate(ctx.bot.models.remembered(ctx.space, version), 1):
        yield Row(place, lesson.input, lesson.good, lesson.bad, lesson.source, lesson.author)
