"""What else trainers look through: what was approved, answers that did not help, remarks."""

from collections.abc import Iterable

from protege.commands.correct import BY_ANSWER, CORRECT, corrected
from protege.commands.review.card import review_take_back
from protege.context import Context
from protege.discord.reply import Button, Form, Reply
from protege.text import Text, one_line
from protege.ui.declare import button

SHOWN = 5
CUT = 150
NONE = Text("Nothing here yet.", "Здесь пока пусто.")
NO_HELP = Text(
    "👎 The latest answers that did not help:", "👎 Последние ответы, которые не помогли:"
)
REMARKS = Text("💬 The latest remarks:", "💬 Последние отзывы:")
APPROVED = Text(
    "✅ The latest approved corrections; a number rejects one after all:",
    "✅ Последние одобренные исправления; номер отклоняет:",
)
ABOUT = Text(" (after “{question}” → “{given}”)", " (после «{question}» → «{given}»)")


@button(title=CORRECT)
def review_answer(ctx: Context, argument: str) -> Form:
    """Correct an answer from the list."""
    return ctx.form(corrected, BY_ANSWER + argument)


def answers(ctx: Context) -> Reply:
    """Answers that got a thumb down, newest first."""
    votes = ctx.bot.answers.votes_down(ctx.space, SHOWN)
    lines = [
        f"**{_short(vote.question)}** → {_short(vote.given)} — v{vote.version}, <@{vote.user}>, "
        f"<t:{vote.at:.0f}:R>"
        for vote in votes
    ]
    buttons = (_numbered(review_answer.route(v.answer), "✏️", n) for n, v in enumerate(votes, 1))
    return _list(ctx, NO_HELP, lines, buttons)


def remarks(ctx: Context) -> Reply:
    """Remarks, newest first."""
    lines = []
    for remark in ctx.bot.answers.remarks(ctx.space, SHOWN):
        about = {"question": _short(remark.question), "given": _short(remark.given)}
        after = ctx.say(ABOUT, **about) if remark.question else ""
        lines.append(f"<@{remark.user}>, <t:{remark.at:.0f}:R>: {_short(remark.text)}{after}")
    return _list(ctx, REMARKS, lines, ())


def approved(ctx: Context) -> Reply:
    """Approved corrections, newest first, to be rejected after all."""
    found = ctx.bot.proposals.approved(ctx.space, SHOWN)
    lines = [f"**{_short(p.question)}** → {_short(p.better)} — <@{p.author}>" for p in found]
    buttons = (_numbered(review_take_back.route(p.id), "🚫", n) for n, p in enumerate(found, 1))
    return _list(ctx, APPROVED, lines, buttons)


def _numbered(route: str, emoji: str, number: int) -> Button:
    return Button(route, str(number), emoji)


def _list(ctx: Context, head: Text, lines: list[str], buttons: Iterable[Button]) -> Reply:
    if not lines:
        return Reply(ctx.say(NONE), private=True)
    numbered = (f"{number}. {line}" for number, line in enumerate(lines, 1))
    return Reply("\n".join([ctx.say(head), *numbered]), tuple(buttons), private=True)


def _short(text: str) -> str:
    return one_line(text, CUT)
