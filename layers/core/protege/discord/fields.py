"""Reading single fields of JSON that came from outside: the right type, or Malformed."""

from collections.abc import Mapping
from typing import Any

from protege.errors import Malformed

LONGEST_TEXT = 20_000


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """The value if it is an object. Raises Malformed."""
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


def items(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects, empty where the field is absent. Raises Malformed."""
    found = payload.get(name) or []
    if not isinstance(found, list):
        raise Malformed(f"{name} is no list")
    return [mapping(item, name) for item in found]


def text(payload: Mapping[str, Any], name: str, longest: int = LONGEST_TEXT) -> str:
    """A string of at most `longest` characters, "" where the field is absent or null.

    Raises Malformed, also for lone surrogates: JSON can spell them, UTF-8 cannot.
    """
    found = payload.get(name)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > longest:
        raise Malformed(f"{name} is no string of at most {longest} characters")
    if not found.isascii():
        try:
            found.encode()
        except UnicodeEncodeError:
            raise Malformed(f"{name} has half a character") from None
    return found


def number(payload: Mapping[str, Any], name: str) -> int:
    """A whole number, given as such or (permissions) as decimal digits; 0 where absent."""
    found = payload.get(name) or 0
    if type(found) is int:
        return found
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 30:
        return int(found)
    raise Malformed(f"{name} is no whole number")


def snowflake(payload: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    """An id of Discord's, "" where it is `optional` and absent. Raises Malformed."""
    found = payload.get(name)
    if isinstance(found, str) and found.isdigit() and found.isascii() and len(found) <= 20:
        return found
    if optional and found in (None, ""):
        return ""
    raise Malformed(f"{name} is no snowflake")


def listed(value: Any) -> list[Any]:
    """The value if it is a list. Raises Malformed."""
    if not isinstance(value, list):
        raise Malformed("a list was expected")
    return value


def string(value: Any) -> str:
    """The value if it is a string. Raises Malformed."""
    if not isinstance(value, str):
        raise Malformed("a string was expected")
    return value
