"""/instruction: what the guild tells the bot about itself."""

from typing import Annotated

from protege.commands import tuned
from protege.commands.teaching import is_trainer
from protege.context import Context
from protege.discord.reply import LONGEST_INPUT, Embed, Form, Reply
from protege.text import Text
from protege.ui.declare import Option, Permission, button, command, modal

TITLE = Text("My instruction", "Моя инструкция")
NONE = Text(
    "No instruction yet: nobody has told me who I am here and how to answer.",
    "Инструкции пока нет: никто не сказал мне, кто я здесь и как отвечать.",
)
SAVED = Text("This is my instruction from now on.", "Теперь моя инструкция такая.")
EDIT = Text("Edit", "Изменить")


@command(
    title=Text("instruction", "инструкция"),
    about=Text("Show my instruction", "Показать мою инструкцию"),
    runs="later",
    private=True,
)
def instruction(ctx: Context) -> Reply:
    """Show the instruction; trainers may edit it."""
    return _shown(ctx, NONE)


@button(title=EDIT, needs=Permission.MANAGE_GUILD)
def edit_instruction(ctx: Context, argument: str) -> Form:
    """Open the form with the instruction as the message above shows it."""
    target = ctx.interaction.target
    return ctx.form(instruction_edited, text=target.embed if target else "")


@modal(title=TITLE, runs="later", private=True, needs=Permission.MANAGE_GUILD)
def instruction_edited(
    ctx: Context,
    argument: str,
    text: Annotated[
        str,
        Option(
            Text("Who am I, how do I answer?", "Кто я, как я отвечаю?"),
            long=True,
            longest=LONGEST_INPUT,
        ),
    ] = "",
) -> Reply:
    """The form was sent."""
    interaction = ctx.interaction
    ctx.bot.instructions.write(ctx.space, interaction.id, text.strip(), interaction.user)
    return _shown(ctx, SAVED)


def _shown(ctx: Context, words: Text) -> Reply:
    now = ctx.bot.chat.instruction(ctx.space)
    edit = (ctx.button(edit_instruction, emoji="📝"),) if is_trainer(ctx) else ()
    if not now.text:
        return Reply(ctx.say(NONE), edit, private=True)
    content = ctx.say(SAVED) if words is SAVED else ""
    if now.tuned:
        content = tuned.in_force(now.tuned, ctx.interaction.locale)
    return Reply(content, edit, private=True, embed=Embed(ctx.say(TITLE), now.text))
