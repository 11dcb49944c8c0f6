"""Correcting an answer: by command, from a message's menu, or by the button under it."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.teaching import check_teacher
from protege.context import Context
from protege.discord.interaction import Post
from protege.discord.reply import Choice, Form, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, button, command, message_command, modal
from protege.untaught import NOT_TAUGHT

if TYPE_CHECKING:
    from protege.answers import Answer

CORRECT = Text("Correct this answer", "Исправить ответ")
THANKS = Text(
    "Thank you! From now on, to “{question}” I answer:\n{better}",
    "Спасибо! Теперь на «{question}» я отвечаю:\n{better}",
)
WAITS = Text(
    "Thank you! A trainer will look at it; once approved, to “{question}” I answer:\n{better}",
    "Спасибо! Тренер посмотрит; после одобрения на «{question}» я буду отвечать:\n{better}",
)
NOT_MINE = Text(
    "That is not my message: I can only be corrected on what I said.",
    "Это не моё сообщение: исправить можно только то, что сказал я.",
)
EMPTY = Text("The correction is empty.", "Исправление пустое.")
SAME = Text(
    "That is what I said already. Write what I should say instead.",
    "Именно это я и сказал. Напишите, что нужно было ответить.",
)
BETTER = Text("A better answer", "Ответ получше")
BY_MESSAGE, BY_ANSWER = "m", "a"
LONGEST_ECHO = 1000
QUOTE, HEARD = "> ", "> 👂"
"""Stand above an answer, before what was asked and what was heard."""
SURELY_WHOLE = 600
"""Characters of a message that is no piece of a longer answer (`discord.parts`)."""


def recent(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """The latest answers here, to choose one by its question."""
    return tuple(
        Choice(f"{shown.question[:45]} → {shown.text[:45]}", shown.message)
        for shown in ctx.bot.answers.recent(ctx.space, 50)
        if typed.lower() in f"{shown.message} {shown.question} {shown.text}".lower()
    )


@command(
    title=Text("correct", "исправить"),
    about=Text("Tell me the right answer", "Подсказать мне правильный ответ"),
    runs="later",
    private=True,
)
def correct(
    ctx: Context,
    message_id: Annotated[
        str,
        Option(
            Text(
                "The message with my answer: its id or link", "Сообщение с ответом: id или ссылка"
            ),
            suggest=recent,
            longest=100,
        ),
    ],
    correction: Annotated[str, Option(BETTER)],
) -> Reply:
    """Learn a better answer to what a message answered: its id, its link, or both ids as Discord
    copies them while Shift is held."""
    message = message_id.strip().rstrip("/").replace("-", "/").rpartition("/")[2]
    return _learn(ctx, BY_MESSAGE + message, correction)


@message_command(title=CORRECT)
def correct_message(ctx: Context, message: Post) -> Form:
    """The same from a message's menu."""
    if ctx.interaction.application_id not in (message.author, message.application):
        raise UserError(NOT_MINE)
    return _form(ctx, BY_MESSAGE + message.id, message.content)


@button(title=CORRECT)
def correction_button(ctx: Context, argument: str) -> Form:
    """The same by the button under an answer."""
    target = ctx.interaction.target
    return _form(ctx, BY_ANSWER + argument, target.content if target else "")


@modal(title=CORRECT, runs="later", private=True)
def corrected(
    ctx: Context,
    argument: str,
    better: Annotated[str, Option(BETTER, long=True)],
) -> Reply:
    """The form was sent."""
    return _learn(ctx, argument, better)


def _learn(ctx: Context, which: str, better: str) -> Reply:
    rules = check_teacher(ctx)
    if not better.strip():
        raise UserError(EMPTY)
    answer = _answer(ctx, which)
    if better.strip() == answer.text:
        raise UserError(SAME)
    live = rules.corrections == "live"
    id, person = ctx.interaction.id, ctx.interaction.user
    ctx.bot.proposals.correct(ctx.space, id, answer, better.strip(), person, live=live)
    return thanks(ctx, answer.question, better, live=live)


def thanks(ctx: Context, question: str, better: str, *, live: bool) -> Reply:
    """What a person reads who taught: whether it counts already, or waits for a trainer."""
    shown = {"question": question[:200], "better": better.strip()[:LONGEST_ECHO]}
    return Reply(ctx.say(THANKS if live else WAITS, **shown), private=True)


def _answer(ctx: Context, which: str) -> "Answer":
    find = ctx.bot.answers.given if which[:1] == BY_ANSWER else ctx.bot.answers.given_in
    return find(ctx.space, which[1:])


def _form(ctx: Context, which: str, content: str) -> Form:
    """The form with the old answer, where there was one. Raises UserError.

    A message tells it without asking storage, unless it may be but a piece of the answer.
    """
    whole = content.startswith(QUOTE) and len(content) <= SURELY_WHOLE
    old = _spoken(content) if whole else _answer(ctx, which).text
    return ctx.form(corrected, which, better="" if old in NOT_TAUGHT else old)


def _spoken(content: str) -> str:
    """The answer without what was asked and heard, quoted above it."""
    rest = content.partition("\n")[2]
    return rest.partition("\n")[2] if rest.startswith(HEARD) else rest
