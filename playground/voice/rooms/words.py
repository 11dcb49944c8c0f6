"""Taking messages of clients apart: what is missing or of another kind ends the connection."""

from typing import Any

from playground.voice.rooms.codes import Close, Closed


def part(data: Any, name: str) -> Any:
    """A field of an object. Raises Closed (4002)."""
    if not isinstance(data, dict) or name not in data:
        raise Closed(Close.UNDECODABLE, f"no {name} where one must be")
    return data[name]


def text(data: Any, name: str) -> str:
    """A field that is a string. Raises Closed (4002)."""
    found = part(data, name)
    if not isinstance(found, str):
        raise Closed(Close.UNDECODABLE, f"{name} is no string")
    return found


def number(data: Any, name: str, default: int | None = None) -> int:
    """A field that is a whole number; `default` where it may be left out. Raises Closed (4002)."""
    if default is not None and isinstance(data, dict) and name not in data:
        return default
    found = part(data, name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Closed(Close.UNDECODABLE, f"{name} is no whole number")
    return found
