"""Teaching from a message of one's own, by its menu.

Discord's developer policy forbids to train on what people wrote without their say-so, so only the
writer of a message can hand it over.
Source: https://support-dev.discord.com/hc/en-us/articles/8563934450327
"""

from typing import Annotated

from protege.commands.correct import EMPTY, thanks
from protege.commands.teaching import check_teacher
from protege.context import Context
from protege.discord.interaction import Post
from protege.discord.reply import Form, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, message_command, modal

TEACH = Text("Teach me this", "Научить этому")
NOT_YOURS = Text(
    "I learn only from what you wrote yourself: people decide for themselves whether a bot may "
    "learn from their messages (Discord's policy). Ask the author to use this menu, or teach me "
    "in your own words with `/train`.",
    "Я учусь только на том, что написали вы сами: каждый сам решает, может ли бот учиться на его "
    "сообщениях (правила Discord). Попросите автора нажать это меню или научите меня своими "
    "словами через `/train`.",
)
NO_TEXT = Text("There is no text in that message.", "В этом сообщении нет текста.")
LONGEST_QUESTION = 2000


@message_command(title=TEACH)
def teach_message(ctx: Context, message: Post) -> Form:
    """Open a form with the message as the answer."""
    if message.author != ctx.interaction.user:
        raise UserError(NOT_YOURS)
    if not message.content.strip():
        raise UserError(NO_TEXT)
    return ctx.form(taught, message.id, answer=message.content)


@modal(title=TEACH, runs="later", private=True)
def taught(
    ctx: Context,
    argument: str,
    question: Annotated[
        str,
        Option(Text("When somebody asks …", "Когда спросят …"), longest=LONGEST_QUESTION),
    ],
    answer: Annotated[str, Option(Text("… I answer", "… я отвечу"), long=True)],
) -> Reply:
    """The form was sent."""
    rules = check_teacher(ctx)
    if not question.strip() or not answer.strip():
        raise UserError(EMPTY)
    live, id = rules.corrections == "live", ctx.interaction.id
    by = (ctx.interaction.user, f"message {argument}")
    ctx.bot.proposals.teach(ctx.space, id, question.strip(), answer.strip(), by, live=live)
    return thanks(ctx, question.strip(), answer, live=live)
