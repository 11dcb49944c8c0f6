"""Checks of what is asked: unknown fields and wrong values are refused, as the real API does."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import request

from playground.openai.errors import invalid
from playground.openai.store import Json

NAMES = {
    str: "a string",
    int: "an integer",
    bool: "a boolean",
    dict: "an object",
    list: "an array",
    float: "a decimal",
}
Kinds = Mapping[str, tuple[type, ...]]


def body(kinds: Kinds, needed: Collection[str] = ()) -> Json:
    """The request's JSON object, its fields checked. Raises ApiError."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise invalid("We could not parse the JSON body of your request.")
    fields(given, kinds, needed)
    return given


def fields(given: Json, kinds: Kinds, needed: Collection[str] = (), at: str = "") -> None:
    """Check an object's fields: known, of their kind, none of the needed missing. Null is absence.

    Raises ApiError (400).
    """
    for name, value in given.items():
        if name not in kinds:
            raise invalid(f"Unknown parameter: '{at}{name}'.", at + name, "unknown_parameter")
        if value is not None and not _is(value, kinds[name]):
            wanted = " or ".join(NAMES[kind] for kind in kinds[name])
            message = f"Invalid type for '{at}{name}': expected {wanted}."
            raise invalid(message, at + name, "invalid_type")
    for name in needed:
        if given.get(name) is None:
            message = f"Missing required parameter: '{at}{name}'."
            raise invalid(message, at + name, "missing_required_parameter")


def one_of(value: Any, allowed: Collection[str], param: str) -> None:
    """Refuse what is not among the allowed; null is absence. Raises ApiError."""
    if value is not None and value not in allowed:
        shown = ", ".join(f"'{it}'" for it in allowed)
        message = f"Invalid value: '{value}'. Supported values are: {shown}."
        raise invalid(message, param, "invalid_value")


def between(value: Any, least: float, most: float, param: str) -> None:
    """Refuse a number out of its bounds; null is absence. Raises ApiError."""
    if value is not None and not least <= value <= most:
        side = "below_min" if value < least else "above_max"
        bound = f">= {least:g}" if value < least else f"<= {most:g}"
        message = f"Invalid '{param}': {value} is out of range. Expected a value {bound}."
        raise invalid(message, param, f"number_{side}_value")


def page(things: list[Json], limit: int, most: int = 100) -> Json:
    """A page of a list as `after` and `limit` of the query ask for it. Raises ApiError."""
    wished = request.args.get("limit", limit, type=int)
    between(wished, 1, most, "limit")
    ids = [thing["id"] for thing in things]
    after = request.args.get("after")
    if after is not None and after not in ids:
        raise invalid(f"Invalid 'after': no object '{after}' in this list.", "after")
    start = ids.index(after) + 1 if after else 0
    found = things[start : start + wished]
    ends = {"first_id": found[0]["id"], "last_id": found[-1]["id"]} if found else {}
    more = start + wished < len(things)
    return {"object": "list", "data": found, "has_more": more, **ends}


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int) and float in kinds:
        return True
    return isinstance(value, kinds)
