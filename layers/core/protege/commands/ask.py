"""/ask: a question to what the bot was taught."""

from typing import Annotated

from protege.commands.correct import correction_button
from protege.commands.feedback import thumb_down, thumb_up
from protege.commands.reading import document
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.discord.reply import Button, Reply
from protege.text import Text, one_line
from protege.ui.declare import Option, command

LONGEST_QUESTION = 2000
QUOTED = 200


@command(
    title=Text("ask", "спросить"),
    about=Text("Ask me something", "Задать мне вопрос"),
    runs="later",
)
def ask(
    ctx: Context,
    question: Annotated[str, Option(Text("What to ask", "Что спросить"), longest=LONGEST_QUESTION)],
    file: Annotated[
        Attachment | None, Option(Text("A text to look into", "Текст, в котором искать ответ"))
    ] = None,
) -> Reply:
    """Answer from the lessons, with buttons to rate and correct."""
    from protege.asking import Asking, Question

    text = document(ctx, file) if file else ""
    id, user, locale = ctx.interaction.id, ctx.interaction.user, ctx.interaction.locale
    asked = Question(id, ctx.space, user, question, locale, text)
    return answered(ctx, quoted(question), Asking(ctx.bot.chat, asked).whole(), id)


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
    return f"> {one_line(question, QUOTED)}"
