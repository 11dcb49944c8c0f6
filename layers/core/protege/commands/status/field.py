"""One field of /status."""

from collections.abc import Callable
from typing import NamedTuple

from protege.config import ConfigError
from protege.context import Context
from protege.errors import BotError
from protege.journal import trouble
from protege.text import Text

UNKNOWN = Text("not to be found out now ({why})", "сейчас не узнать ({why})")


class Found(NamedTuple):
    """What is told. `bad`: somebody should look; `beside`: short enough to stand beside others."""

    text: str
    bad: bool = False
    beside: bool = True


class Field(NamedTuple):
    """The same with its name. Without a text it is not shown."""

    name: str
    text: str
    bad: bool
    beside: bool


Finds = Callable[[Context], Found]


def told(ctx: Context, about: Text, find: Finds) -> Field:
    """What was found; or that it was not: whoever looks here may look because something is down."""
    try:
        found = find(ctx)
    except (BotError, ConfigError) as error:
        trouble("status", error, field=about.en)
        found = Found(ctx.say(UNKNOWN, why=type(error).__name__), bad=True)
    return Field(ctx.say(about), *found)


def lines(*parts: str) -> str:
    """Those that say something, one a line."""
    return "\n".join(filter(None, parts))
