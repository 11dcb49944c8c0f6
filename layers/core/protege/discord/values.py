"""What a person filled in or handed over, read from the payload of an interaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from protege.discord.fields import items, listed, mapping, number, string, text
from protege.errors import Malformed

CHANNEL = 7
ROLE = 8
ATTACHMENT = 11
FILE_UPLOAD = 19


class Attachment(NamedTuple):
    """A file that a person handed over with a command or a form. `size` in bytes."""

    id: str
    filename: str
    url: str
    size: int


class Channel(NamedTuple):
    """A channel that a person chose. `type`: Discord's number; 0 text, 2 voice, 13 stage."""

    id: str
    name: str
    type: int
    permissions: int = 0
    """What the person who chose it may do there."""


class Role(NamedTuple):
    """A role that a person chose. `@everyone` has the id of its guild."""

    id: str
    name: str


def filled(data: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Names and values of a command's options, a form's fields or a menu. Raises Malformed.

    Most commands bring none, and nothing is looked at for those.
    """
    if options or "components" in data or "values" in data:
        return dict(_values(data, options))
    return {}


def _values(
    data: Mapping[str, Any], options: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    resolved = mapping(data.get("resolved", {}), "resolved")
    for option in options:
        value = option.get("value")
        if option.get("type") == ATTACHMENT:
            value = _attachment(resolved, value)
        elif option.get("type") == CHANNEL:
            value = _channel(resolved, value)
        elif option.get("type") == ROLE:
            value = _role(resolved, value)
        yield text(option, "name", 32), _scalar(value)
    for component in _components(data) if "components" in data else ():
        yield text(component, "custom_id", 100), _typed(component, resolved)
    if "values" in data:
        yield "values", [string(value) for value in listed(data["values"])]


def _components(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The inputs of a form, out of their Labels or (deprecated) action rows."""
    for row in items(data, "components"):
        inside = [row["component"]] if "component" in row else listed(row.get("components", []))
        for component in inside:
            found = mapping(component, "component")
            if "custom_id" in found:
                yield found


def _typed(component: Mapping[str, Any], resolved: Mapping[str, Any]) -> Any:
    if "value" in component:
        return _scalar(component["value"])
    values = listed(component.get("values", []))
    if component.get("type") == FILE_UPLOAD:
        return [_attachment(resolved, value) for value in values]
    return [string(value) for value in values]


def _attachment(resolved: Mapping[str, Any], id: Any) -> Attachment:
    files = mapping(resolved.get("attachments"), "attachments")
    found = mapping(files.get(string(id)), "attachment")
    return Attachment(
        string(id),
        text(found, "filename", 1024),
        text(found, "url", 4096),
        number(found, "size"),
    )


def _channel(resolved: Mapping[str, Any], id: Any) -> Channel:
    channels = mapping(resolved.get("channels"), "channels")
    found = mapping(channels.get(string(id)), "channel")
    about = text(found, "name", 200), number(found, "type"), number(found, "permissions")
    return Channel(string(id), *about)


def _role(resolved: Mapping[str, Any], id: Any) -> Role:
    roles = mapping(resolved.get("roles"), "roles")
    found = mapping(roles.get(string(id)), "role")
    return Role(string(id), text(found, "name", 200))


def _scalar(value: Any) -> Any:
    """A value that a handler may take. Strings with half a character (lone surrogates) may not."""
    if isinstance(value, str):
        return text({"value": value}, "value")
    if not isinstance(value, bool | int | float | Attachment | Channel | Role):
        raise Malformed("a value of an unknown type")
    return value
