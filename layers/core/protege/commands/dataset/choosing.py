"""What commands about data share: options that name folders or hand over rows, suggestions."""

from protege.context import Context
from protege.discord.reply import Choice
from protege.text import Text
from protege.ui.declare import Option

FOLDER = Text("A folder of training data", "Папка с учебными данными")
LONGEST_PATH = 100


def folders(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's own folders."""
    return tuple(Choice(name, name) for name in ctx.bot.library.folders(ctx.space, typed))


def buried(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Folders that can be brought back."""
    return tuple(Choice(name, name) for name in ctx.bot.library.buried_folders(ctx.space, typed))


def datasets(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Folders, and frozen versions by their short names."""
    frozen = (
        Choice(f"{version.name} · {version.source}, {version.rows}", version.name)
        for version in ctx.bot.versions.all(ctx.space)
    )
    return folders(ctx, typed) + tuple(c for c in frozen if typed.lower() in c.name.lower())


PATH = Option(FOLDER, suggest=folders, longest=LONGEST_PATH)
POSITIVE = Option(
    Text("False: examples of what NOT to say", "False: примеры того, как НЕ отвечать")
)
ROWS = Option(Text("JSONL, JSON, CSV, TSV or text", "JSONL, JSON, CSV, TSV или текст"))
"""A file of rows."""
EITHER = Option(
    Text("A folder, or the name of a frozen version", "Папка или имя замороженной версии"),
    suggest=datasets,
    longest=LONGEST_PATH,
)
