"""How everything a person can touch is declared: once, as a function with a typed signature.

Read without `inspect`: that module alone would add a fifth to the ingress' cold start.
"""

import re
from collections.abc import Callable, Iterator
from enum import IntFlag
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from protege.discord.interaction import Attachment, Channel, Role
from protege.discord.reply import LONGEST_INPUT, Choice, Reply
from protege.text import Text

Handler = Callable[..., Any]
When = Literal["now", "later"]
Surface = Literal["slash", "message", "button", "modal"]
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}( [-_'\w]{1,32})?").fullmatch
KINDS = (str, int, bool, float, Attachment, Channel, Role)
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "slash": (),
    "message": ("message",),
    "button": ("argument",),
    "modal": ("argument",),
}
"""What a handler takes after its context, apart from declared options."""


class Permission(IntFlag):
    """Source: https://docs.discord.com/developers/topics/permissions"""

    NONE = 0
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MOVE_MEMBERS = 1 << 24


class Option(NamedTuple):
    """Goes in the signature: `question: Annotated[str, Option(about)]`."""

    about: Text
    suggest: Callable[..., tuple[Choice, ...]] | None = None
    """Called with the context and what was typed so far; answers within three seconds."""
    long: bool = False
    """In a form: a box of several lines."""
    longest: int = LONGEST_INPUT
    """Most characters that may be typed."""
    channels: tuple[int, ...] = ()
    """Discord's types of the channels to choose from; none: all."""


class Parameter(NamedTuple):
    """One declared option or form field. `kind`: one of `KINDS`."""

    name: str
    kind: type
    required: bool
    option: Option


class Action(NamedTuple):
    """One thing a person can do, and the function that answers it."""

    surface: Surface
    name: str
    title: Text
    about: Text
    handler: Handler
    parameters: tuple[Parameter, ...]
    runs: When
    needs: Permission
    private: bool
    servers_only: bool = False
    """Whether it makes no sense in a private chat, and is not offered there."""

    def route(self, argument: str = "") -> str:
        """The custom_id that leads back here. Old messages carry it: never rename a handler.

        Raises ValueError where the argument does not fit Discord's 100 characters.
        """
        found = f"{self.name}:{argument}"
        if len(found) > 100:
            raise ValueError(f"a custom_id has at most 100 characters: {found}")
        return found


def command(
    *,
    title: Text,
    about: Text,
    runs: When = "now",
    needs: Permission = Permission.NONE,
    private: bool = False,
    servers_only: bool = False,
) -> Callable[[Handler], Action]:
    """A slash command. `title.en` is its name (`dataset show` for a subcommand)."""
    for name in title:
        if not COMMAND_NAME(name) or name != name.lower():
            raise TypeError(f"{name!r} is no name for a slash command")
    declared = _declare("slash", title, about, runs, needs, private)
    return lambda handler: declared(handler)._replace(servers_only=servers_only)


def message_command(
    *,
    title: Text,
    runs: When = "now",
    needs: Permission = Permission.NONE,
    private: bool = False,
) -> Callable[[Handler], Action]:
    """An entry of a message's menu. Its handler takes `message: Post`."""
    return _declare("message", title, title, runs, needs, private)


def button(
    *,
    title: Text,
    runs: When = "now",
    needs: Permission = Permission.NONE,
    private: bool = False,
) -> Callable[[Handler], Action]:
    """A button. Its handler takes `argument: str`, what follows the colon of its custom_id."""
    return _declare("button", title, title, runs, needs, private)


def modal(
    *,
    title: Text,
    runs: When = "now",
    needs: Permission = Permission.NONE,
    private: bool = False,
) -> Callable[[Handler], Action]:
    """A form that was sent. Its handler takes `argument: str` and the declared fields."""
    return _declare("modal", title, title, runs, needs, private)


def _declare(
    surface: Surface, title: Text, about: Text, runs: When, needs: Permission, private: bool
) -> Callable[[Handler], Action]:
    if surface in ("slash", "message") and any(not 1 <= len(t) <= 100 for t in about):
        raise TypeError(f"{title.en}: a description has 1 to 100 characters")

    def wrap(handler: Handler) -> Action:
        if runs == "later" and handler.__annotations__.get("return") is not Reply:
            raise TypeError(f"{handler.__name__} runs later, so it can only return a Reply")
        name = title.en if surface in ("slash", "message") else handler.__name__
        parameters = tuple(_parameters(handler, surface))
        return Action(surface, name, title, about, handler, parameters, runs, needs, private)

    return wrap


def _parameters(handler: Handler, surface: Surface) -> Iterator[Parameter]:
    names = handler.__code__.co_varnames[: handler.__code__.co_argcount]
    optional = names[len(names) - len(handler.__defaults__ or ()) :]
    for name in names[1:]:
        if name in ARGUMENTS[surface]:
            continue
        kind, option = _annotated(handler, name)
        if any(not 1 <= len(t) <= 100 for t in option.about):
            raise TypeError(f"{handler.__name__}.{name}: a description has 1 to 100 characters")
        yield Parameter(name, kind, name not in optional, option)


def _annotated(handler: Handler, name: str) -> tuple[type, Option]:
    found = handler.__annotations__.get(name)
    if get_origin(found) is Annotated:
        kind, option = get_args(found)
        kinds = [k for k in (get_args(kind) or (kind,)) if k is not type(None)]
        if len(kinds) == 1 and kinds[0] in KINDS and isinstance(option, Option):
            return kinds[0], option
    raise TypeError(f"{handler.__name__}.{name} is not Annotated[<type>, Option(...)]")
