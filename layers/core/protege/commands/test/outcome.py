"""A test's job is over: its report, and the table for spreadsheets."""

from typing import TYPE_CHECKING

from protege.commands.giving import handed
from protege.commands.test.mistakes import GONE, SHOWN
from protege.commands.test.report import TABLE, finished
from protege.context import Context
from protege.discord.reply import Button, File, Reply
from protege.errors import Missing, UserError
from protege.text import Text
from protege.ui.declare import button

if TYPE_CHECKING:
    from protege.context import Features
    from protege.testing import Trial
    from protege.training.jobs import Job

ALL_ROWS = Text("All rows as a table", "Все строки таблицей")
HERE = Text("📄 All rows of test `{id}`.", "📄 Все строки проверки `{id}`.")


@button(title=ALL_ROWS, runs="later", private=True)
def test_table(ctx: Context, argument: str) -> Reply:
    """Hand out a table that did not fit the report."""
    ctx.bot.tests.store.check(ctx.space, argument)
    key = ctx.bot.tests.store.table(ctx.space, argument)
    try:
        return handed(ctx, key, TABLE, ctx.say(HERE, id=argument))
    except Missing:
        raise UserError(GONE) from None


def outcome(bot: "Features", job: "Job") -> Reply:
    """The report for the channel, whether or not all rows were tried."""
    wrong, more = _wrong(bot, job)
    files, buttons = _table(bot, job)
    reply = finished(bot.tests.result(job), wrong, more, files, job.locale)
    return reply._replace(buttons=(*reply.buttons, *buttons))


def _wrong(bot: "Features", job: "Job") -> "tuple[list[Trial], bool]":
    """The first rows that went wrong, made answers that can be corrected."""
    try:
        page = bot.tests.store.wrong(job.space, job.id, 0, SHOWN)
    except UserError:  # its author took everything back while it ran
        return [], False
    bot.tests.remember(job.space, job.id, page.trials, job.author)
    return page.trials, page.more


def _table(bot: "Features", job: "Job") -> tuple[tuple[File, ...], tuple[Button, ...]]:
    """The table where it fits a message, else a button that hands it out; nothing of no rows."""
    key = bot.tests.store.table(job.space, job.id)
    try:
        given = bot.sharing.give(key, TABLE, job.report["limit"])
    except Missing:
        return (), ()
    if given.body is None:
        return (), (Button(test_table.route(job.id), ALL_ROWS.to(job.locale), "📄"),)
    return (File(TABLE, given.body, "text/csv; charset=utf-8"),), ()
