"""What commands may be registered.

Source: https://docs.discord.com/developers/interactions/application-commands
"""

import re
from typing import Any

from playground.discord.errors import Faults, typed

Json = dict[str, Any]
SLASH, USER, MESSAGE = 1, 2, 3
MOST = {SLASH: 100, USER: 15, MESSAGE: 15}
NAME = re.compile(r"[-_'\w]{1,32}").fullmatch
_LOCALES = """
id en-US en-GB bg zh-CN zh-TW hr cs da nl fi fr de el hi hu it ja ko lt no pl pt-BR ro ru es-ES
es-419 sv-SE th tr uk vi
"""
LOCALES = frozenset(_LOCALES.split())
NESTED = (1, 2)
STRING, CHANNEL, NUMBERS = 3, 7, (4, 10)
OPTION_TYPES = range(1, 12)
CHANNEL_TYPES = frozenset((0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16))
"""Source: https://docs.discord.com/developers/resources/channel#channel-object-channel-types"""


@typed
def check_commands(commands: list[Json]) -> None:
    """A whole set of commands. Raises ApiError (50035)."""
    faults = Faults()
    for kind, most in MOST.items():
        names = [c.get("name") for c in commands if c.get("type", SLASH) == kind]
        faults.check(
            len(names) <= most,
            "_",
            f"Maximum number of application commands of type {kind} reached ({most}).",
            "APPLICATION_COMMAND_TOO_MANY",
        )
        faults.check(
            len(set(names)) == len(names),
            "_",
            "Application command names must be unique",
            "APPLICATION_COMMANDS_DUPLICATE_NAME",
        )
    for number, command in enumerate(commands):
        _check_command(faults, str(number), command)
    faults.answer()


def _check_command(faults: Faults, at: str, command: Json) -> None:
    slash = command.get("type", SLASH) == SLASH
    _check_texts(faults, at, command, "name", 32)
    if not slash:
        described = command.get("description") or command.get("options")
        faults.check(not described, f"{at}.description", "Context menu commands have none.")
        return
    _check_texts(faults, at, command, "description", 100)
    _check_names(faults, at, command)
    _check_options(faults, at, command.get("options") or [])


def _check_texts(faults: Faults, at: str, thing: Json, field: str, most: int) -> None:
    faults.length(f"{at}.{field}", thing.get(field, ""), 1, most)
    for locale, text in (thing.get(f"{field}_localizations") or {}).items():
        path = f"{at}.{field}_localizations.{locale}"
        faults.check(locale in LOCALES, path, "Unknown locale.", "BASE_TYPE_CHOICES")
        faults.length(path, text, 1, most)


def _check_names(faults: Faults, at: str, thing: Json) -> None:
    names = {"name": thing.get("name", "")}
    for locale, text in (thing.get("name_localizations") or {}).items():
        names[f"name_localizations.{locale}"] = text
    for path, name in names.items():
        faults.check(
            bool(NAME(str(name))) and name == name.lower(),
            f"{at}.{path}",
            "String value did not match validation regex.",
            "APPLICATION_COMMAND_INVALID_NAME",
        )


def _check_options(faults: Faults, at: str, options: list[Json]) -> None:
    faults.count(f"{at}.options", options, 0, 25)
    names = [option.get("name") for option in options]
    faults.check(
        len(set(names)) == len(names),
        f"{at}.options",
        "Option names must be unique",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    )
    needed = [bool(option.get("required")) for option in options]
    faults.check(
        needed == sorted(needed, reverse=True),
        f"{at}.options",
        "Required options must be placed before non-required options",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    )
    for number, option in enumerate(options):
        _check_option(faults, f"{at}.options.{number}", option)


def _check_option(faults: Faults, at: str, option: Json) -> None:
    kind = option.get("type")
    faults.check(kind in OPTION_TYPES, f"{at}.type", "Unknown option type.")
    _check_texts(faults, at, option, "name", 32)
    _check_texts(faults, at, option, "description", 100)
    _check_names(faults, at, option)
    if kind in NESTED:
        _check_options(faults, at, option.get("options") or [])
        return
    _check_channel_types(faults, f"{at}.channel_types", option)
    choices = option.get("choices") or []
    faults.count(f"{at}.choices", choices, 0, 25)
    faults.check(
        not option.get("autocomplete") or (kind in (STRING, *NUMBERS) and not choices),
        f"{at}.autocomplete",
        "Only strings and numbers without choices can be completed.",
    )
    for number, choice in enumerate(choices):
        faults.length(f"{at}.choices.{number}.name", choice.get("name", ""), 1, 100)


def _check_channel_types(faults: Faults, at: str, option: Json) -> None:
    types = option.get("channel_types") or []
    faults.check(not types or option.get("type") == CHANNEL, at, "Only channels have such types.")
    for number, one in enumerate(types):
        known = one in CHANNEL_TYPES
        faults.check(known, f"{at}.{number}", "Unknown channel type.", "BASE_TYPE_CHOICES")
