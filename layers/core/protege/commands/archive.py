"""/archive: a folder as one ZIP file."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.beginning import new_job
from protege.commands.packing import STARTED
from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from protege.training.jobs import Job


def folders(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The guild's own folders."""
    return tuple(Choice(path, path) for path in ctx.bot.shelves.folders(ctx.space, typed))


@command(
    title=Text("archive", "архив"),
    about=Text("Pack a folder into one ZIP file", "Упаковать папку в один ZIP-файл"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def archive(
    ctx: Context,
    directory: Annotated[
        str,
        Option(
            Text("A folder here, like datasets/faq", "Папка, например datasets/faq"),
            suggest=folders,
            longest=1000,
        ),
    ],
) -> Reply:
    """Start a job; the worker fills in its progress, then the archive."""
    from protege.datasets import paths

    folder = ctx.bot.archives.find(ctx.space, paths.folder(directory))
    job = ctx.bot.archives.start(_job(ctx, folder), folder)
    return Reply(job.intro, private=True, job=job.id)


def _job(ctx: Context, folder: str) -> "Job":
    job = new_job(ctx)
    return job._replace(
        intro=ctx.say(STARTED, folder=folder, job=job.id),
        kind="archive",
        about=folder,
        report={"limit": ctx.interaction.attachment_limit},
    )
