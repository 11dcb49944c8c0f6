"""The command itself."""

from typing import Annotated

from protege.commands.review.card import TRAINERS, following
from protege.commands.review.lists import answers, approved, remarks
from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, command

KINDS = {
    "corrections": Text("corrections that wait", "исправления, ждущие решения"),
    "approved": Text("corrections that were approved", "одобренные исправления"),
    "answers": Text("answers that did not help", "ответы, которые не помогли"),
    "remarks": Text("remarks", "отзывы"),
}
PAGES = {"approved": approved, "answers": answers, "remarks": remarks}
UNKNOWN = Text(
    "“{kind}” is not one of: {known}.", "«{kind}» не подходит; возможно одно из: {known}."
)


def kinds(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """What can be looked through."""
    return tuple(Choice(ctx.say(text), name) for name, text in KINDS.items())


@command(
    title=Text("review", "проверка"),
    about=Text("Decide about corrections; read feedback", "Решить об исправлениях; читать отзывы"),
    runs="later",
    private=True,
    needs=TRAINERS,
)
def review(
    ctx: Context,
    kind: Annotated[
        str, Option(Text("What to look through", "Что посмотреть"), suggest=kinds, longest=20)
    ] = "corrections",
) -> Reply:
    """Show the oldest correction that waits, or a list."""
    if kind not in KINDS:
        raise UserError(UNKNOWN, kind=kind, known=", ".join(KINDS))
    return PAGES[kind](ctx) if kind in PAGES else following(ctx)
