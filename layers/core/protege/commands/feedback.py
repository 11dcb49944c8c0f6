"""What people think of an answer: thumbs, or words."""

from typing import Annotated

from protege.context import Context
from protege.discord.reply import Reply
from protege.text import Text
from protege.ui.declare import Option, button, command

THANKS_UP = Text("Thanks, I will remember that this helped.", "Спасибо, запомню, что помогло.")
THANKS_DOWN = Text(
    "Thanks for saying so. Press “Correct this answer” and tell me what is right.",
    "Спасибо, что сказали. Нажмите «Исправить ответ» и подскажите, как правильно.",
)
THANKS = Text("Thank you, noted.", "Спасибо, записал.")


@button(title=Text("Good answer", "Хороший ответ"), runs="later", private=True)
def thumb_up(ctx: Context, argument: str) -> Reply:
    """The answer helped."""
    return _vote(ctx, argument, 1, THANKS_UP)


@button(title=Text("Bad answer", "Плохой ответ"), runs="later", private=True)
def thumb_down(ctx: Context, argument: str) -> Reply:
    """The answer did not help."""
    return _vote(ctx, argument, -1, THANKS_DOWN)


@command(
    title=Text("feedback", "отзыв"),
    about=Text("Say what you think of me", "Сказать, что вы обо мне думаете"),
    runs="later",
    private=True,
)
def feedback(
    ctx: Context,
    feedback_text: Annotated[str, Option(Text("In your own words", "Своими словами"))],
) -> Reply:
    """Keep a remark for the trainers."""
    interaction = ctx.interaction
    ctx.bot.answers.remark(ctx.space, interaction.id, interaction.user, feedback_text)
    return Reply(ctx.say(THANKS), private=True)


def _vote(ctx: Context, answer_id: str, value: int, thanks: Text) -> Reply:
    answer = ctx.bot.answers.given(ctx.space, answer_id)
    ctx.bot.answers.vote(ctx.space, answer, ctx.interaction.user, value)
    return Reply(ctx.say(thanks), private=True)
