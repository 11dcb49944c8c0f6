"""What a form may be, and what may be filled in.

Source: https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterator
from typing import Any

from playground.discord.errors import Faults, typed
from playground.discord.rules.components import check_select

Json = dict[str, Any]
ROW, SELECT, TEXT, SHOWN_TEXT, LABEL, FILES, RADIOS, CHECKS, CHECK = 1, 3, 4, 10, 18, 19, 21, 22, 23
MOST_TEXT = 4000
MOST_PARTS = 5
INPUTS = (SELECT, TEXT, 5, 6, 7, 8, FILES, RADIOS, CHECKS, CHECK)


def inputs(form: Json) -> Iterator[Json]:
    """The inputs of a form, out of their Labels or (deprecated) rows."""
    for part in form.get("components") or []:
        if part.get("type") == LABEL and isinstance(part.get("component"), dict):
            yield part["component"]
        elif part.get("type") == ROW:
            yield from part.get("components") or []


def check_form(form: Json) -> None:
    """Raises ApiError (50035)."""
    faults = Faults()
    faults.length("data.custom_id", form.get("custom_id", ""), 1, 100)
    faults.length("data.title", form.get("title", ""), 1, 45)
    parts = form.get("components") or []
    faults.count("data.components", parts, 1, MOST_PARTS)
    for number, part in enumerate(parts):
        _check_part(faults, f"data.components.{number}", part)
    ids = [component.get("custom_id") for component in inputs(form)]
    faults.check(
        len(set(ids)) == len(ids),
        "data.components",
        "Component custom id cannot be duplicated",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    )
    faults.answer()


def _check_part(faults: Faults, at: str, part: Json) -> None:
    if part.get("type") == LABEL:
        faults.length(f"{at}.label", part.get("label", ""), 1, 45)
        faults.length(f"{at}.description", part.get("description"), 0, 100)
        _check_input(faults, f"{at}.component", part.get("component") or {})
    elif part.get("type") == ROW:
        inside = part.get("components") or []
        faults.count(f"{at}.components", inside, 1, 1)
        for component in inside:
            faults.length(f"{at}.components.0.label", component.get("label", ""), 1, 45)
            _check_input(faults, f"{at}.components.0", component)
    else:
        faults.check(part.get("type") == SHOWN_TEXT, f"{at}.type", "Not allowed in a form.")


def _check_input(faults: Faults, at: str, component: Json) -> None:
    kind = component.get("type")
    faults.check(kind in INPUTS, f"{at}.type", "Not allowed in a form.", "UNION_TYPE_CHOICES")
    faults.length(f"{at}.custom_id", component.get("custom_id", ""), 1, 100)
    if kind == TEXT:
        most = component.get("max_length") or MOST_TEXT
        faults.check(component.get("style") in (1, 2), f"{at}.style", "Must be one of (1, 2).")
        faults.check(1 <= most <= MOST_TEXT, f"{at}.max_length", "Must be from 1 to 4000.")
        faults.length(f"{at}.value", component.get("value"), 0, most)
        faults.length(f"{at}.placeholder", component.get("placeholder"), 0, 100)
    elif kind == SELECT:
        check_select(faults, at, component)


@typed
def check_filled(form: Json, values: Json) -> None:
    """What Discord's own client refuses to send: raises ApiError (50035) by field."""
    faults = Faults()
    known = {component["custom_id"]: component for component in inputs(form)}
    for name in values.keys() - known.keys():
        faults.add(name, "UNKNOWN_FIELD", "The form has no such field.")
    for name, component in known.items():
        _check_value(faults, name, component, values.get(name))
    faults.answer()


def _check_value(faults: Faults, name: str, component: Json, value: Any) -> None:
    required = component.get("required", True) and component["type"] != CHECK
    if value in (None, "", []):
        faults.check(not required, name, "This field is required", "BASE_TYPE_REQUIRED")
    elif component["type"] == TEXT:
        least, most = component.get("min_length") or 0, component.get("max_length") or MOST_TEXT
        faults.length(name, value, least, most)
    elif component["type"] in (SELECT, RADIOS, CHECKS):
        offered = {option["value"] for option in component["options"]}
        chosen = {value} if isinstance(value, str) else set(value)
        faults.check(chosen <= offered, name, "Not one of the options.")
        if component["type"] != RADIOS:
            _check_count(faults, name, component, value)
    elif component["type"] == FILES:
        _check_count(faults, name, component, value)


def _check_count(faults: Faults, name: str, component: Json, value: list[str]) -> None:
    least, most = component.get("min_values", 1), component.get("max_values", 1)
    faults.count(name, value, least, most)
