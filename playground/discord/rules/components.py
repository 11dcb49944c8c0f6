"""What buttons and selects under a message may be.

Source: https://docs.discord.com/developers/components/reference
"""

from typing import Any

from playground.discord.errors import Faults

Json = dict[str, Any]
ROW, BUTTON, SELECT = 1, 2, 3
SELECTS = (3, 5, 6, 7, 8)
LINK_STYLE, PREMIUM_STYLE = 5, 6
V2 = (9, 10, 12, 13, 14, 17)


def check_message_components(faults: Faults, rows: list[Json], *, v2: bool) -> None:
    """Up to five rows; in a row five buttons or one select; every custom_id once."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        path = f"components.{number}"
        if row.get("type") == ROW:
            _check_row(faults, path, row, seen)
        elif not (v2 and row.get("type") in V2):
            faults.add(f"{path}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (1,).")


def _check_row(faults: Faults, path: str, row: Json, seen: set[str]) -> None:
    inside = row.get("components") or []
    faults.count(f"{path}.components", inside, 1, 5)
    selects = [c for c in inside if c.get("type") in SELECTS]
    faults.check(
        not selects or len(inside) == 1,
        f"{path}.components",
        "The specified component exceeds the maximum width",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    )
    for number, component in enumerate(inside):
        at = f"{path}.components.{number}"
        if component.get("type") == BUTTON:
            _check_button(faults, at, component)
        elif component.get("type") in SELECTS:
            check_select(faults, at, component)
        else:
            faults.add(f"{at}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (2, 3).")
        _once(faults, at, component, seen)


def _once(faults: Faults, at: str, component: Json, seen: set[str]) -> None:
    id = component.get("custom_id")
    if not isinstance(id, str):
        return
    faults.check(
        id not in seen,
        f"{at}.custom_id",
        "Component custom id cannot be duplicated",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    )
    seen.add(id)


def _check_button(faults: Faults, at: str, button: Json) -> None:
    style = button.get("style")
    faults.check(
        style in range(1, 7), f"{at}.style", "Value must be one of (1, 2, 3, 4, 5, 6).",
    )  # fmt: skip
    faults.length(f"{at}.label", button.get("label"), 0, 80)
    faults.length(f"{at}.custom_id", button.get("custom_id"), 1, 100)
    faults.check(
        bool(button.get("label") or button.get("emoji") or style == PREMIUM_STYLE),
        at,
        "A label or emoji is required",
        "BUTTON_COMPONENT_LABEL_REQUIRED",
    )
    needed = {LINK_STYLE: "url", PREMIUM_STYLE: "sku_id"}.get(style or 0, "custom_id")
    for name in ("url", "custom_id"):
        if (name in button) != (name == needed):
            faults.add(at, "BUTTON_COMPONENT_INVALID", f"A button of style {style} needs {needed}")


def check_select(faults: Faults, at: str, select: Json) -> None:
    """A select menu, of a message or a form."""
    faults.length(f"{at}.custom_id", select.get("custom_id", ""), 1, 100)
    faults.length(f"{at}.placeholder", select.get("placeholder"), 0, 150)
    if select.get("type") != SELECT:
        return
    options = select.get("options") or []
    faults.count(f"{at}.options", options, 1, 25)
    for number, option in enumerate(options):
        faults.length(f"{at}.options.{number}.label", option.get("label", ""), 1, 100)
        faults.length(f"{at}.options.{number}.value", option.get("value", ""), 1, 100)
        faults.length(f"{at}.options.{number}.description", option.get("description"), 0, 100)
    values = [option.get("value") for option in options]
    faults.check(
        len(set(values)) == len(values),
        f"{at}.options",
        "The specified option value is already used",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    )
