"""Where people see what becomes of a job: in the message that began it, in the channel, alone."""

import time
from collections.abc import Callable
from typing import Any

from protege.app import App
from protege.discord.delivery import DAY_S, TOKEN_S
from protege.discord.reply import Reply
from protege.discord.snowflake import created_at
from protege.errors import Gone, Unavailable
from protege.journal import note
from protege.training.jobs import Job

SHOW_EVERY_S = 2.0
"""Discord takes some five edits of a message in five seconds."""
NOWHERE = "-"
"""In place of a message's id: the bot may write nowhere, and tries no more."""


class Showing:
    """Live progress during one leg; a courtesy, so never a failure.

    `private`: only whoever began the job may see it, so it never moves to the channel.
    """

    def __init__(self, app: App, progress: Callable[[Job], Reply], *, private: bool) -> None:
        self._app = app
        self._progress = progress
        self._private = private
        self._step = ""
        self._at = 0.0

    def show(self, job: Job) -> None:
        """Show it as it is now, unless that was done a moment ago; its end always."""
        recent = job.step == self._step and time.monotonic() < self._at + SHOW_EVERY_S
        if recent and job.state == "running":
            return
        try:
            self._edit(job, self._progress(job).message())
        except (Gone, Unavailable) as error:
            note("no progress shown", job=job.id, why=str(error))
        self._step, self._at = job.step, time.monotonic()

    def _edit(self, job: Job, message: dict[str, Any]) -> None:
        if alive(self._app, job):
            try:
                shown = self._app.discord.edit_original(job.token, message, early=False)
            except Gone:
                pass
            else:
                self._app.jobs.shown(job, shown)
                return
        if not self._private:
            self._in_channel(job, message)

    def _in_channel(self, job: Job, message: dict[str, Any]) -> None:
        """As the bot: its message is edited, else there is a new one, else nothing till the end."""
        id = self._app.jobs.get(job.space, job.id).message
        if id == NOWHERE:
            return
        try:
            if id:
                self._app.discord.edit(job.channel, id, message)
                return
        except Gone as error:
            note("message lost", job=job.id, why=str(error))
        try:
            id = self._app.discord.send(job.channel, message, nonce=f"live-{job.id}")
        except Gone:
            id = NOWHERE
        self._app.jobs.shown(job, id)


def alive(app: App, job: Job) -> bool:
    """Whether the token of the interaction that began the job may still be good."""
    age = app.now() - created_at(job.interaction)
    return not TOKEN_S < age < DAY_S


def publicly(app: App, job: Job, reply: Reply) -> None:
    """Tell the channel; where the bot may not write there, whoever began the job."""
    try:
        app.discord.send(job.channel, reply.message(), reply.files, nonce=f"job-{job.id}")
    except Gone:
        app.discord.follow_up(job.token, reply.message(), reply.files, early=False)


def private(app: App, job: Job, reply: Reply) -> None:
    """Tell whoever began the job: in the message that began it, else in their private chat."""
    attachments = [{"id": str(n), "filename": file.name} for n, file in enumerate(reply.files)]
    message = {**reply.message(), "attachments": attachments}
    try:
        app.discord.edit_original(job.token, message, reply.files, early=False)
    except Gone:
        chat = app.discord.private_channel(job.author)
        app.discord.send(chat, reply.message(), reply.files, nonce=f"job-{job.id}")


def in_its_message(app: App, job: Job, reply: Reply) -> None:
    """The same, but where the job's progress went on in the channel, there."""
    if alive(app, job) or job.message in ("", NOWHERE):
        private(app, job, reply)
        return
    try:
        app.discord.edit(job.channel, job.message, reply.message())
    except Gone:
        private(app, job, reply)
