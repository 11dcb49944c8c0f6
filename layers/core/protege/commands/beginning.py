"""The job that an interaction begins."""

from typing import TYPE_CHECKING

from protege.context import Context

if TYPE_CHECKING:
    from protege.training.jobs import Job


def new_job(ctx: Context) -> "Job":
    """A job with the id of its interaction: what it does is still to be filled in."""
    from protege.training.jobs import Job, job_id

    interaction = ctx.interaction
    return Job(
        id=job_id(interaction.id),
        space=ctx.space,
        author=interaction.user,
        channel=interaction.channel,
        interaction=interaction.id,
        token=interaction.token,
        locale=interaction.locale,
        intro="",
    )
