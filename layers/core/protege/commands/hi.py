"""/hi: is the bot awake?"""

from protege.context import Context
from protege.discord.reply import Reply
from protege.text import Text
from protege.ui.declare import command

HELLO = Text(en="HI!", ru="ПРИВЕТ!")


@command(title=Text("hi", "привет"), about=Text("Say hello", "Поздороваться"))
def hi(ctx: Context) -> Reply:
    """Answer at once."""
    return Reply(ctx.say(HELLO))
