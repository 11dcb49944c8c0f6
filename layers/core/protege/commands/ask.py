"""/ask: a question to what the bot was taught."""

from typing import Annotated

from protege.commands.correct import HEARD, QUOTE, correction_button
from protege.commands.feedback import thumb_down, thumb_up
from protege.commands.reading import document, heard, is_sound
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Button, Reply
from protege.errors import UserError
from protege.text import Text, one_line
from protege.ui.declare import Option, command

LONGEST_QUESTION = 2000
QUOTED = 200
FILE = Text(
    "A text to look into; or a sound, in which you ask",
    "Текст, в котором искать ответ, или звук с вопросом",
)
NO_QUESTION = Text(
    "What would you like to know? Write `question`, or attach a sound in which you ask.",
    "Что вы хотите узнать? Напишите `question` или прикрепите звук с вопросом.",
)


@command(
    title=Text("ask", "спросить"),
    about=Text("Ask me something", "Задать мне вопрос"),
    runs="later",
)
def ask(
    ctx: Context,
    question: Annotated[
        str | None, Option(Text("What to ask", "Что спросить"), longest=LONGEST_QUESTION)
    ] = None,
    file: Annotated[Attachment | None, Option(FILE)] = None,
) -> Reply:
    """Answer from the lessons, with buttons to rate and correct."""
    from protege.asking import Asking, Question

    text, more, head = _asked(ctx, (question or "").strip(), file)
    id, user, locale = ctx.interaction.id, ctx.interaction.user, ctx.interaction.locale
    asked = Question(id, ctx.space, user, text, locale, more)
    return answered(ctx, head, Asking(ctx.bot.chat, asked).whole(), id)


def _asked(ctx: Context, question: str, file: Attachment | None) -> tuple[str, str, str]:
    """Question, document, and what is shown above the answer. Raises UserError."""
    if file is None or not is_sound(file):
        if not question:
            raise UserError(NO_QUESTION)
        return question, document(ctx, file) if file else "", quoted(question)
    words = heard(ctx, file)
    if not question:
        return words[:LONGEST_QUESTION], "", f"{HEARD} {one_line(words, QUOTED)}"
    return question, words, f"{quoted(question)}\n{HEARD} {one_line(words, QUOTED)}"


def answered(ctx: Context, head: str, answer: str, id: str) -> Reply:
    """How an answer looks, whoever asked. `head`: what stands above it; `id`: under which it is
    remembered."""
    return Reply(f"{head}\n{answer}".strip(), buttons(ctx, id), answer=id)


def buttons(ctx: Context, answer: str) -> tuple[Button, ...]:
    """What stands under every answer."""
    return (
        ctx.button(thumb_up, answer, emoji="👍", label=False),
        ctx.button(thumb_down, answer, emoji="👎", label=False),
        ctx.button(correction_button, answer, emoji="✏️"),
    )


def quoted(question: str) -> str:
    """The question as one quoted line, so that the channel sees what was asked."""
    return f"{QUOTE}{one_line(question, QUOTED)}"
