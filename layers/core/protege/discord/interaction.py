"""What Discord sends us, as one frozen object.

Every class here is a NamedTuple and not a dataclass: this file is on the ingress' cold path, where
`dataclasses` and the `inspect` below it would cost as much as everything else together.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from protege.discord.fields import items, mapping, number, text
from protege.errors import Malformed

SUBCOMMANDS = (1, 2)
ATTACHMENT = 11
ATTACHMENT_LIMIT = 10 << 20
"""Bytes; what every place allows. Source: https://docs.discord.com/developers/reference#uploading-files
"""
FILE_UPLOAD = 19
_decode = json.JSONDecoder().decode


class Kind(IntEnum):
    """Source: https://docs.discord.com/developers/interactions/receiving-and-responding"""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


KINDS = {kind.value: kind for kind in Kind}


class Attachment(NamedTuple):
    """A file that a person handed over with a command or a form. `size` in bytes."""

    id: str
    filename: str
    url: str
    size: int


class Post(NamedTuple):
    """A message: the one pointed at from a menu, or the one a pressed button sits under."""

    id: str
    content: str
    author: str
    application: str
    embed: str
    """Description of its first embed."""


class Interaction(NamedTuple):
    """One thing a person did. Absent parts are empty strings, never None."""

    id: str
    application_id: str
    token: str
    kind: Kind
    name: str
    """The command's path (`dataset show`) or the route before the colon of a custom_id."""
    argument: str
    """What follows the colon of a custom_id."""
    values: Mapping[str, Any]
    """Options or form fields by name: str, int, float, bool, list of str, Attachment."""
    focused: str
    """The option being typed, in an autocomplete request."""
    target: Post | None
    user: str
    guild: str
    channel: str
    locale: str
    permissions: int
    roles: tuple[str, ...] = ()
    """Ids of the person's roles in the guild."""
    attachment_limit: int = ATTACHMENT_LIMIT
    """Most bytes that files of one message may have here."""

    @property
    def space(self) -> str:
        """Whose lessons these are: the guild's, or in a private chat the person's own."""
        return self.guild or f"dm-{self.user}"

    @classmethod
    def parse(cls, body: bytes) -> "Interaction":
        """Read a request body. Raises Malformed for all that Discord would never send."""
        payload = mapping(_loads(body), "body")
        kind = _kind(payload)
        if kind is Kind.PING:
            return cls("", "", "", kind, "", "", {}, "", None, "", "", "", "", 0)
        data = mapping(payload.get("data"), "data")
        member = mapping(payload.get("member", {}), "member")
        user = mapping(member.get("user") or payload.get("user"), "user")
        name, argument, options = _route(data)
        # In the fields' order: naming them here costs a fifth of the whole reading.
        return cls(
            _snowflake(payload, "id"),
            _snowflake(payload, "application_id"),
            text(payload, "token", 2048) or _raise("token"),
            kind,
            name,
            argument,
            dict(_values(data, options)),
            _focused(options) if kind is Kind.AUTOCOMPLETE else "",
            _target(payload, data),
            _snowflake(user, "id"),
            _snowflake(payload, "guild_id", optional=True),
            _snowflake(payload, "channel_id", optional=True),
            text(payload, "locale", 16) or "en-US",
            number(member, "permissions"),
            tuple(map(_string, _list(member.get("roles") or []))),
            number(payload, "attachment_size_limit") or ATTACHMENT_LIMIT,
        )


def _loads(body: bytes) -> Any:
    try:
        return _decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None


def _raise(name: str) -> Any:
    raise Malformed(f"{name} is missing")


def _kind(payload: Mapping[str, Any]) -> Kind:
    found = payload.get("type")
    if type(found) is not int or found not in KINDS:
        raise Malformed("unknown interaction type")
    return KINDS[found]


def _snowflake(payload: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    found = payload.get(name)
    if isinstance(found, str) and found.isdigit() and found.isascii() and len(found) <= 20:
        return found
    if optional and found in (None, ""):
        return ""
    raise Malformed(f"{name} is no snowflake")


def _route(data: Mapping[str, Any]) -> tuple[str, str, list[Mapping[str, Any]]]:
    """Name, argument and innermost options of a command, component or form."""
    if "custom_id" in data:
        name, _, argument = text(data, "custom_id", 100).partition(":")
        return name, argument, []
    name, options = text(data, "name", 32) or _raise("name"), items(data, "options")
    while options and options[0].get("type") in SUBCOMMANDS:
        name, options = f"{name} {text(options[0], 'name', 32)}", items(options[0], "options")
    return name, "", options


def _focused(options: Iterable[Mapping[str, Any]]) -> str:
    return next((text(o, "name") for o in options if o.get("focused")), "")


def _values(
    data: Mapping[str, Any], options: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    resolved = mapping(data.get("resolved", {}), "resolved")
    for option in options:
        value = option.get("value")
        if option.get("type") == ATTACHMENT:
            value = _attachment(resolved, value)
        yield text(option, "name", 32), _scalar(value)
    for component in _components(data) if "components" in data else ():
        yield text(component, "custom_id", 100), _typed(component, resolved)
    if "values" in data:
        yield "values", [_string(value) for value in _list(data["values"])]


def _components(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The inputs of a form, out of their Labels or (deprecated) action rows."""
    for row in items(data, "components"):
        inside = [row["component"]] if "component" in row else _list(row.get("components", []))
        for component in inside:
            found = mapping(component, "component")
            if "custom_id" in found:
                yield found


def _typed(component: Mapping[str, Any], resolved: Mapping[str, Any]) -> Any:
    if "value" in component:
        return _scalar(component["value"])
    values = _list(component.get("values", []))
    if component.get("type") == FILE_UPLOAD:
        return [_attachment(resolved, value) for value in values]
    return [_string(value) for value in values]


def _attachment(resolved: Mapping[str, Any], id: Any) -> Attachment:
    files = mapping(resolved.get("attachments"), "attachments")
    found = mapping(files.get(_string(id)), "attachment")
    return Attachment(
        _string(id),
        text(found, "filename", 1024),
        text(found, "url", 4096),
        number(found, "size"),
    )


def _target(payload: Mapping[str, Any], data: Mapping[str, Any]) -> Post | None:
    if "target_id" in data:
        resolved = mapping(data.get("resolved"), "resolved")
        messages = mapping(resolved.get("messages", {}), "messages")
        found = messages.get(text(data, "target_id"))
        return _post(mapping(found, "message")) if found is not None else None
    return _post(mapping(payload["message"], "message")) if "message" in payload else None


def _post(found: Mapping[str, Any]) -> Post:
    author = mapping(found.get("author", {}), "author")
    embeds = items(found, "embeds")
    return Post(
        _snowflake(found, "id"),
        text(found, "content"),
        text(author, "id", 20),
        text(found, "application_id", 20),
        text(embeds[0], "description") if embeds else "",
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed("a list was expected")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("a string was expected")
    return value


def _scalar(value: Any) -> Any:
    """A value that a handler may take. Strings with half a character (lone surrogates) may not."""
    if isinstance(value, str):
        return text({"value": value}, "value")
    if not isinstance(value, bool | int | float | Attachment):
        raise Malformed("a value of an unknown type")
    return value
