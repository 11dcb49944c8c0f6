"""/dataset list and /dataset show."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.dataset.choosing import PATH
from protege.context import Context
from protege.discord.reply import File, Reply
from protege.text import Text, one_line
from protege.ui.declare import Permission, command

if TYPE_CHECKING:
    from protege.datasets.rows import Row

SHOWN_VERSIONS = 10
SHOWN_ROWS = 3
SHOWN_CHARACTERS = 90
EMPTY = Text(
    "No training data here yet. `/train` with a file, or `/dataset add`, begins a folder.",
    "Учебных данных здесь пока нет. `/train` с файлом или `/dataset add` создаст папку.",
)
FOLDERS = Text("**Folders**", "**Папки**")
FOLDER = Text("`{name}` — files: {files}, {size} KB", "`{name}` — файлов: {files}, {size} КБ")
VERSIONS = Text("**Frozen versions**", "**Замороженные версии**")
VERSION = Text(
    "`{name}` of {source} — rows: {rows}{selected}",
    "`{name}` из {source} — строк: {rows}{selected}",
)
SELECTED = {
    True: Text(" ← selected: say this", " ← выбрана: так отвечать"),
    False: Text(" ← selected: never say this", " ← выбрана: так не отвечать"),
}
SAMPLES = Text("**Some of its rows**", "**Некоторые строки**")


@command(
    title=Text("dataset list", "данные список"),
    about=Text("Folders of training data here, and frozen versions", "Папки с данными и их версии"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_list(ctx: Context) -> Reply:
    """Every folder, the latest versions, and what is selected."""
    lines = [*_folders(ctx), *_versions(ctx)]
    return Reply("\n".join(lines) if lines else ctx.say(EMPTY), private=True)


@command(
    title=Text("dataset show", "данные показать"),
    about=Text("A folder's rows, problems and lengths", "Строки, ошибки и длины в папке"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_show(ctx: Context, path: Annotated[str, PATH]) -> Reply:
    """Sample rows, the report, and its picture."""
    from protege.datasets.report import Inspector, picture, words
    from protege.datasets.rows import Row
    from protege.datasets.sampling import Sample

    inspector, some = Inspector(), Sample[Row](SHOWN_ROWS)
    for item in ctx.bot.library.read(ctx.space, path):
        inspector.see(item)
        if isinstance(item, Row):
            some.see(item)
    report, locale = inspector.report(), ctx.interaction.locale
    rows = [ctx.say(SAMPLES), *map(_row, some.taken)] if some.taken else []
    content = "\n".join([f"### {path}", words(report, locale), *rows])
    return Reply(
        content, private=True, files=(File("lengths.png", picture(report, locale), "image/png"),)
    )


def _folders(ctx: Context) -> list[str]:
    names = ctx.bot.library.folders(ctx.space)
    if not names:
        return []
    lines = [ctx.say(FOLDERS)]
    for name in names:
        files = ctx.bot.library.files(ctx.space, name)
        size = sum(kept.size for kept in files) // 1024
        lines.append(ctx.say(FOLDER, name=name, files=len(files), size=size))
    return lines


def _versions(ctx: Context) -> list[str]:
    found = ctx.bot.versions.all(ctx.space)[:SHOWN_VERSIONS]
    chosen = {side: ctx.bot.versions.selected(ctx.space, side) for side in (True, False)}
    lines = []
    for version in found:
        sides = [side for side, other in chosen.items() if other and other.sha == version.sha]
        selected = "".join(ctx.say(SELECTED[side]) for side in sides)
        said = {"name": version.name, "source": version.source, "rows": version.rows}
        lines.append(ctx.say(VERSION, **said, selected=selected))
    return [ctx.say(VERSIONS), *lines] if lines else []


def _row(row: "Row") -> str:
    answer = row.good or f"~~{row.bad}~~"
    return f"▫️ {_short(row.input)} → {_short(answer)}"


def _short(text: str) -> str:
    return one_line(text, SHOWN_CHARACTERS)
