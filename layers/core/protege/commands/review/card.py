"""One correction as a trainer sees it, and the buttons below."""

from typing import TYPE_CHECKING, Annotated

from protege.context import Context
from protege.discord.reply import Button, Embed, Form, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, button, modal

if TYPE_CHECKING:
    from protege.proposals import Proposal

APPROVE = Text("Approve", "Одобрить")
EDIT = Text("Edit", "Изменить")
REJECT = Text("Reject", "Отклонить")
SKIP = Text("Skip", "Пропустить")
TAKE_BACK = Text("Reject after all", "Всё же отклонить")
PROPOSED = Text("Proposed answer", "Предложенный ответ")
CARD = Text(
    "📝 **{count} waiting.** <@{who}>, <t:{at}:R>, {state}\n**Question**\n{question}\n"
    "**I said** {version}\n{given}",
    "📝 **Ждут решения: {count}.** <@{who}>, <t:{at}:R>, {state}\n**Вопрос**\n{question}\n"
    "**Я ответил** {version}\n{given}",
)
STATES = {
    "live": Text("counts already", "уже действует"),
    "waiting": Text("does not count yet", "ещё не действует"),
    "approved": Text("approved", "одобрено"),
    "rejected": Text("rejected", "отклонено"),
}
NOTHING_SAID = Text("(nobody had asked)", "(никто не спрашивал)")
EMPTY_QUEUE = Text("✅ No correction is waiting.", "✅ Ни одно исправление не ждёт решения.")
THE_END = Text(
    "That was the last one; {count} still wait. `/review` begins again.",
    "Это было последнее; ждут решения: {count}. `/review` начнёт сначала.",
)
APPROVED = Text(
    "✅ Approved: to “{question}” I answer:\n{better}",
    "✅ Одобрено: на «{question}» я отвечаю:\n{better}",
)
REJECTED = Text(
    "🚫 Rejected: “{question}” is not answered like that.",
    "🚫 Отклонено: на «{question}» я так не отвечаю.",
)
SHOWN = 700
BETTER = Text("The answer", "Ответ")
BLANK = Text("The answer is empty.", "Ответ пустой.")
TRAINERS = Permission.MANAGE_GUILD


def following(ctx: Context, after: str = "") -> Reply:
    """The oldest undecided correction after this one."""
    proposal = ctx.bot.proposals.next(ctx.space, after)
    if proposal:
        return card(ctx, proposal)
    count = ctx.bot.proposals.waiting(ctx.space)
    return Reply(ctx.say(THE_END, count=count) if count else ctx.say(EMPTY_QUEUE), private=True)


def card(ctx: Context, proposal: "Proposal") -> Reply:
    """A correction; the embed holds the proposed answer in full, for the form is filled from it."""
    version = f"(v{proposal.version})" if proposal.version else ""
    said = {
        "count": ctx.bot.proposals.waiting(ctx.space),
        "who": proposal.author,
        "at": int(proposal.at),
        "state": STATES[proposal.state],
        "question": _cut(proposal.question),
        "version": version,
        "given": _cut(proposal.given) or NOTHING_SAID,
    }
    embed = Embed(ctx.say(PROPOSED), proposal.better)
    return Reply(ctx.say(CARD, **said), _buttons(ctx, proposal.id), private=True, embed=embed)


def _buttons(ctx: Context, id: str) -> tuple[Button, ...]:
    return (
        ctx.button(review_approve, id, emoji="✅"),
        ctx.button(review_edit, id, emoji="✏️"),
        ctx.button(review_reject, id, emoji="🚫"),
        ctx.button(review_skip, id, emoji="⏭️"),
    )


@button(title=APPROVE, runs="later", private=True, needs=TRAINERS)
def review_approve(ctx: Context, argument: str) -> Reply:
    """The correction counts from now on."""
    return _decided(ctx, argument, approve=True)


@button(title=REJECT, runs="later", private=True, needs=TRAINERS)
def review_reject(ctx: Context, argument: str) -> Reply:
    """The correction does not count, or no longer."""
    return _decided(ctx, argument, approve=False)


@button(title=SKIP, runs="later", private=True, needs=TRAINERS)
def review_skip(ctx: Context, argument: str) -> Reply:
    """Leave it to somebody else."""
    return following(ctx, argument)


@button(title=EDIT, needs=TRAINERS)
def review_edit(ctx: Context, argument: str) -> Form:
    """Open a form with the proposed answer as the card shows it."""
    target = ctx.interaction.target
    return ctx.form(review_edited, argument, better=target.embed if target else "")


@modal(title=EDIT, runs="later", private=True, needs=TRAINERS)
def review_edited(
    ctx: Context, argument: str, better: Annotated[str, Option(BETTER, long=True)]
) -> Reply:
    """Approve in a trainer's wording."""
    if not better.strip():
        raise UserError(BLANK)
    return _decided(ctx, argument, approve=True, better=better.strip())


@button(title=TAKE_BACK, runs="later", private=True, needs=TRAINERS)
def review_take_back(ctx: Context, argument: str) -> Reply:
    """Reject what was approved before."""
    return _decided(ctx, argument, approve=False, reopen=True)


def _decided(
    ctx: Context, id: str, *, approve: bool, better: str = "", reopen: bool = False
) -> Reply:
    """Decide, then show the next one below what was decided."""
    from protege.proposals import Decision

    who = ctx.interaction
    decision = Decision(who.id, who.user, approve, better, reopen)
    proposal = ctx.bot.proposals.decide(ctx.space, id, decision)
    said = {"question": proposal.question[:200], "better": _cut(proposal.better)}
    words = ctx.say(APPROVED if approve else REJECTED, **said)
    if reopen:
        return Reply(words, private=True)
    more = following(ctx, id)
    return more._replace(content=f"{words}\n\n{more.content}")


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
