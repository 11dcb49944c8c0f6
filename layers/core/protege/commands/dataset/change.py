"""/dataset split, merge, delete and restore."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.dataset.choosing import EITHER, FOLDER, LONGEST_PATH, PATH, buried
from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, button, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from protege.datasets.rows import Row

BAD_SHARE = Text("The share is 1 to 90 percent.", "Доля — от 1 до 90 процентов.")
SPLIT = Text(
    "`{path}` is now also in two parts: `{train}` ({n} rows) to learn from and `{test}` ({m} rows) "
    "to `/test` with.",
    "`{path}` теперь есть и в двух частях: `{train}` ({n} строк) для обучения и `{test}` "
    "({m} строк) для `/test`.",
)
MERGED = Text(
    "`{into}` now holds all of both: {n} different rows.",
    "В `{into}` теперь всё из обоих: разных строк — {n}.",
)
DELETED = Text(
    "`{path}` is deleted (files: {n}). It can be brought back for thirty days.",
    "`{path}` удалена (файлов: {n}). Её можно вернуть в течение тридцати дней.",
)
RESTORED = Text("`{path}` is back (files: {n}).", "`{path}` снова здесь (файлов: {n}).")
UNDO = Text("Undo", "Вернуть")


@command(
    title=Text("dataset split", "данные разделить"),
    about=Text("Hold some rows back to test with", "Отложить часть строк для проверки"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_split(
    ctx: Context,
    path: Annotated[str, PATH],
    percent: Annotated[int, Option(Text("Share to hold back, 1 to 90", "Доля, 1–90"))] = 20,
) -> Reply:
    """Two new folders; the same question is always in the same part."""
    from protege.datasets.compare import held_out

    if not 1 <= percent <= 90:
        raise UserError(BAD_SHARE)
    train, test = f"{path}-train", f"{path}-test"
    n = _write(ctx, train, lambda: (r for r in _rows(ctx, path) if not held_out(r, percent)))
    m = _write(ctx, test, lambda: (r for r in _rows(ctx, path) if held_out(r, percent)))
    return Reply(ctx.say(SPLIT, path=path, train=train, test=test, n=n, m=m), private=True)


@command(
    title=Text("dataset merge", "данные объединить"),
    about=Text(
        "Put two datasets together, each row once", "Сложить два набора, каждую строку один раз"
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_merge(
    ctx: Context,
    first: Annotated[str, EITHER],
    second: Annotated[str, EITHER],
    into: Annotated[str, Option(FOLDER, longest=LONGEST_PATH)],
) -> Reply:
    """A new file in the folder `into`."""
    from protege.datasets.compare import merged

    n = _write(ctx, into, lambda: merged(_rows(ctx, first), _rows(ctx, second)))
    return Reply(ctx.say(MERGED, into=into, n=n), private=True)


@command(
    title=Text("dataset delete", "данные удалить"),
    about=Text("Delete a folder of training data; can be undone", "Удалить папку; можно вернуть"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_delete(ctx: Context, path: Annotated[str, PATH]) -> Reply:
    """Bury the files; frozen versions and trained models stay."""
    n = ctx.bot.library.delete(ctx.space, path)
    undo = (ctx.button(undo_delete, path),) if len(path.encode()) <= 80 else ()
    return Reply(ctx.say(DELETED, path=path, n=n), undo, private=True)


@button(title=UNDO, runs="later", needs=Permission.MANAGE_GUILD, private=True)
def undo_delete(ctx: Context, argument: str) -> Reply:
    """Bring a deleted folder back."""
    return _restored(ctx, argument)


@command(
    title=Text("dataset restore", "данные вернуть"),
    about=Text("Bring a deleted folder back", "Вернуть удалённую папку"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def dataset_restore(
    ctx: Context, path: Annotated[str, Option(FOLDER, suggest=buried, longest=LONGEST_PATH)]
) -> Reply:
    """The same by name."""
    return _restored(ctx, path)


def _restored(ctx: Context, path: str) -> Reply:
    n = ctx.bot.library.restore(ctx.space, path)
    return Reply(ctx.say(RESTORED, path=path, n=n), private=True)


def _rows(ctx: Context, name: str) -> "Iterator[Row]":
    return ctx.bot.versions.rows_of(ctx.space, name, ctx.bot.library)


def _write(ctx: Context, folder: str, rows: "Callable[[], Iterable[Row]]") -> int:
    """Rows into a file of a folder, as they stream by, each with its giver; return how many."""
    from protege.datasets.writing import Counted

    counted = Counted(rows())
    ctx.bot.library.keep_rows(ctx.space, folder, ctx.interaction.id, counted)
    return counted.count
