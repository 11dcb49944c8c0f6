"""/compare: two versions answer the same question, and nobody sees which is which."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.ask import LONGEST_QUESTION, quoted
from protege.commands.correct import BY_ANSWER, CORRECT, corrected
from protege.commands.model.choosing import VERSION, number
from protege.context import Context
from protege.discord.parts import FENCE
from protege.discord.reply import Button, File, Form, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, button, command

if TYPE_CHECKING:
    from protege.arena import Choice, Duel, Tally

FEW = Text(
    "Two versions are needed to compare; here are {n}. `/train` makes one.",
    "Чтобы сравнивать, нужны две версии, а здесь их {n}. Новую сделает `/train`.",
)
SAME = Text("Take two different versions.", "Выберите две разные версии.")
VOTE = Text("Vote", "Голосовать")
LABELS = {
    "a": Text("A is better", "A лучше"),
    "b": Text("B is better", "B лучше"),
    "tie": Text("Both are good", "Оба хороши"),
    "bad": Text("Both are bad", "Оба плохи"),
}
EMOJI = {"a": "🅰️", "b": "🅱️", "tie": "🤝", "bad": "👎"}
CORRECTIONS = {"a": Text("Correct A", "Исправить A"), "b": Text("Correct B", "Исправить B")}
SIDE = Text("**{letter}**\n{text}", "**{letter}**\n{text}")
COUNTS = Text(
    "-# A {a} · B {b} · both good {tie} · both bad {bad}",
    "-# A {a} · B {b} · оба хороши {tie} · оба плохи {bad}",
)
INVITE = Text(
    "-# Which is better? Votes teach me; who votes sees which version is which.",
    "-# Какой лучше? Голоса учат меня; кто проголосует, увидит, где какая версия.",
)
EQUAL = Text(
    "Both versions (v{first} and v{second}) answer the same:\n{answer}",
    "Обе версии (v{first} и v{second}) отвечают одинаково:\n{answer}",
)
CAST = Text(
    "Your vote counts: **{choice}**. A is **v{a}**{gone_a}, B is **v{b}**{gone_b}. You may change "
    "it.",
    "Ваш голос учтён: **{choice}**. A — это **v{a}**{gone_a}, B — **v{b}**{gone_b}. Его можно "
    "изменить.",
)
GONE = Text(" (deleted)", " (удалена)")
SHOWN = 800
"""Characters of each answer in the message; what is longer is attached in full."""


@command(
    title=Text("compare", "сравнить"),
    about=Text("Two versions answer; you say which is better", "Отвечают две версии; какая лучше?"),
    runs="later",
)
def compare(
    ctx: Context,
    question: Annotated[str, Option(Text("What to ask", "Что спросить"), longest=LONGEST_QUESTION)],
    first: Annotated[str | None, VERSION] = None,
    second: Annotated[str | None, VERSION] = None,
) -> Reply:
    """Both answers as A and B in random order, with buttons to vote and to correct."""
    versions = _versions(ctx, first, second)
    interaction = ctx.interaction
    who = (interaction.user, interaction.locale)
    duel = ctx.bot.arena.begin(ctx.space, interaction.id, question, who, versions)
    if not duel.equal:
        return _shown(ctx, duel, None)
    said = {"first": versions[0], "second": versions[1], "answer": duel.a.text}
    fix = (_fix(ctx, "a", duel.a.answer),)
    return Reply(f"{quoted(question)}\n{ctx.say(EQUAL, **said)}", fix, answer=duel.a.answer)


@button(title=VOTE, runs="later", private=True)
def duel_vote(ctx: Context, argument: str) -> Reply:
    """Count the vote, tell who voted which was which, renew the counts for all."""
    from protege.arena import CHOICES, UNKNOWN

    named, _, id = argument.partition(".")
    choice = next((choice for choice in CHOICES if choice == named), None)
    if choice is None:
        raise UserError(UNKNOWN)
    duel, tally = ctx.bot.arena.vote(ctx.space, id, ctx.interaction.user, choice)
    above = _shown(ctx, duel, tally)
    return Reply(_told(ctx, duel, choice), private=True, above=above)


@button(title=CORRECT)
def duel_correct(ctx: Context, argument: str) -> Form:
    """Correct one of the answers; the form holds it as it was."""
    answer = ctx.bot.answers.given(ctx.space, argument)
    return ctx.form(corrected, BY_ANSWER + argument, better=answer.text)


def _versions(ctx: Context, first: str | None, second: str | None) -> tuple[int, int]:
    """The active version and its nearest rival, where nobody says otherwise."""
    there = [known.number for known in ctx.bot.promotion.versions(ctx.space)]
    named = [number(name) for name in (first, second) if name]
    for version in named:
        ctx.bot.promotion.get(ctx.space, version)
    active = ctx.bot.lineage.active(ctx.space).after
    newer = [version for version in there if version > active]
    likely = [active, *newer[:1], ctx.bot.lineage.previous(ctx.space), *there]
    rest = [version for version in dict.fromkeys(likely) if version in there]
    chosen = [*named, *(version for version in rest if version not in named)][:2]
    if len(set(named)) < len(named):
        raise UserError(SAME)
    if len(chosen) < 2:
        raise UserError(FEW, n=len(there))
    return chosen[0], chosen[1]


def _shown(ctx: Context, duel: "Duel", tally: "Tally | None") -> Reply:
    """The message for all, in the language of whoever asked."""
    sides = {"a": duel.a, "b": duel.b}
    parts = [
        SIDE.to(duel.locale, letter=letter.upper(), text=_cut(side.text))
        for letter, side in sides.items()
    ]
    foot = COUNTS.to(duel.locale, **tally._asdict()) if tally else INVITE.to(duel.locale)
    buttons = [
        Button(duel_vote.route(f"{choice}.{duel.id}"), text.to(duel.locale), EMOJI[choice])
        for choice, text in LABELS.items()
    ]
    fixes = [_fix(ctx, letter, side.answer, duel.locale) for letter, side in sides.items()]
    content = "\n".join([quoted(duel.question), *parts, foot])
    return Reply(content, (*buttons, *fixes), files=_whole(duel) if tally is None else ())


def _fix(ctx: Context, letter: str, answer: str, locale: str = "") -> Button:
    label = CORRECTIONS[letter].to(locale or ctx.interaction.locale)
    return Button(duel_correct.route(answer), label, "✏️")


def _whole(duel: "Duel") -> tuple[File, ...]:
    """Both answers in full, where the message has not room for them."""
    if max(len(duel.a.text), len(duel.b.text)) <= SHOWN:
        return ()
    body = f"# A\n\n{duel.a.text}\n\n# B\n\n{duel.b.text}\n"
    return (File("answers.md", body.encode(), "text/markdown; charset=utf-8"),)


def _cut(text: str) -> str:
    """Cut, and a code block closed, so that it does not swallow what comes below."""
    cut = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return f"{cut}\n{FENCE}" if cut.count(FENCE) % 2 else cut


def _told(ctx: Context, duel: "Duel", choice: "Choice") -> str:
    there = {known.number for known in ctx.bot.promotion.versions(ctx.space)}
    gone = {
        f"gone_{letter}": "" if side.version in there else ctx.say(GONE)
        for letter, side in (("a", duel.a), ("b", duel.b))
    }
    said = {"a": duel.a.version, "b": duel.b.version, **gone}
    return ctx.say(CAST, choice=LABELS[choice], **said)
