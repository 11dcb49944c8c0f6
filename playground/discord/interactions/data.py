"""The `data` of an interaction: what was chosen, typed, pressed or filled in.

Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Iterable
from typing import Any

from playground.discord.errors import ApiError, Faults
from playground.discord.files import Files
from playground.discord.rules.forms import CHECK, FILES, LABEL, RADIOS, ROW, SHOWN_TEXT, TEXT

Json = dict[str, Any]
STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 3, 4, 5, 10, 11
PYTHON = {STRING: str, INTEGER: int, BOOLEAN: bool, ATTACHMENT: str}


def command_data(
    files: Files, command: Json, path: list[str], values: Json, focused: str = ""
) -> Json:
    """A slash command. `path`: the subcommand, if any. Raises ApiError (50035)."""
    groups: list[Json] = []
    known = command["options"]
    for step in path:
        found = next((o for o in known if o["name"] == step and o["type"] in (1, 2)), None)
        if found is None:
            raise ApiError(404, 10063)
        groups.append(found)
        known = found.get("options") or []
    _check_options(known, values, focused)
    options: list[Json] = [
        _option(option, values[option["name"]], focused)
        for option in known
        if option["name"] in values
    ]
    attached = [o["value"] for o in options if o["type"] == ATTACHMENT]
    for group in reversed(groups):
        options = [{"name": group["name"], "type": group["type"], "options": options}]
    return {**_named(command), "options": options, **_resolved_files(files, attached)}


def menu_data(command: Json, message: Json) -> Json:
    """An entry of a message's menu."""
    resolved = {"messages": {message["id"]: message}}
    return {**_named(command), "target_id": message["id"], "resolved": resolved}


def component_data(message: Json, custom_id: str, values: list[str]) -> Json:
    """A pressed button or a choice. Raises ApiError (50035) where there is none to press."""
    for component in _inside(message["components"]):
        if component.get("custom_id") == custom_id and not component.get("disabled"):
            chosen = {"values": values} if component["type"] != 2 else {}
            return {"custom_id": custom_id, "component_type": component["type"], **chosen}
    faults = Faults()
    faults.add("custom_id", "COMPONENT_NOT_FOUND", "There is no such component, or it is disabled.")
    faults.answer()
    raise AssertionError("unreachable")


def form_data(files: Files, form: Json, values: Json) -> Json:
    """A form that was filled in."""
    attached: list[str] = []
    parts = [_part(number, part, values, attached) for number, part in enumerate(_asked(form), 1)]
    found = {"custom_id": form["custom_id"], "components": parts}
    return {**found, **_resolved_files(files, attached)}


def _named(command: Json) -> Json:
    found = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return {**found, "guild_id": command["guild_id"]} if "guild_id" in command else found


def _option(option: Json, value: Any, focused: str) -> Json:
    if focused and option["type"] in (INTEGER, NUMBER):
        value = str(value)  # while something is typed, Discord passes numbers on unread
    found = {"name": option["name"], "type": option["type"], "value": value}
    return {**found, "focused": True} if option["name"] == focused else found


def _check_options(known: list[Json], values: Json, focused: str) -> None:
    """What Discord's client would not let a person send."""
    faults = Faults()
    names = {option["name"]: option for option in known}
    for name in values.keys() - names.keys():
        faults.add(name, "UNKNOWN_OPTION", "The command has no such option.")
    for name, option in names.items():
        if name in values and name != focused:
            _check_option(faults, option, values[name])
        elif name not in values and not focused:
            faults.check(not option.get("required"), name, "This option is required.")
    faults.answer()


def _check_option(faults: Faults, option: Json, value: Any) -> None:
    name, kind = option["name"], option["type"]
    wanted = PYTHON.get(kind)
    if kind == NUMBER:
        faults.check(type(value) in (int, float), name, "Enter a valid number.")
    elif wanted is None:
        faults.add(name, "UNSUPPORTED", "The playground does not offer options of this type.")
    else:
        faults.check(type(value) is wanted, name, f"A value of type {kind} is needed.")
    if kind == STRING and isinstance(value, str):
        most = option.get("max_length") or 6000
        faults.length(name, value, option.get("min_length") or 0, most)
    if kind in (INTEGER, NUMBER) and isinstance(value, (int, float)):
        low, high = option.get("min_value", value), option.get("max_value", value)
        faults.check(low <= value <= high, name, f"Must be from {low} to {high}.")
    choices = option.get("choices")
    if choices:
        faults.check(value in [c["value"] for c in choices], name, "Not one of the choices.")


def _resolved_files(files: Files, ids: Iterable[str]) -> Json:
    found: Json = {}
    for id in ids:
        file = files.known(id)
        if file is None:
            raise ApiError(404, 10008)
        found[id] = files.attachment(file, ephemeral=True)
    return {"resolved": {"attachments": found}} if found else {}


def _inside(components: Iterable[Json]) -> Iterable[Json]:
    for component in components:
        yield component
        yield from _inside(component.get("components") or [])
        if "accessory" in component:
            yield component["accessory"]


def _asked(form: Json) -> list[Json]:
    return [part for part in form["components"] if part["type"] in (LABEL, ROW, SHOWN_TEXT)]


def _part(number: int, part: Json, values: Json, attached: list[str]) -> Json:
    if part["type"] == SHOWN_TEXT:
        return {"type": SHOWN_TEXT, "id": number}
    if part["type"] == ROW:
        inside = [_input(number, c, values, attached) for c in part["components"]]
        return {"type": ROW, "id": number, "components": inside}
    inner = _input(number, part["component"], values, attached)
    return {"type": LABEL, "id": number, "component": inner}


def _input(number: int, component: Json, values: Json, attached: list[str]) -> Json:
    kind, name = component["type"], component["custom_id"]
    found: Json = {"type": kind, "id": number + 100, "custom_id": name}
    if kind == TEXT:
        return {**found, "value": values.get(name) or ""}
    if kind == RADIOS:
        return {**found, "value": values.get(name)}
    if kind == CHECK:
        return {**found, "value": bool(values.get(name))}
    chosen = list(values.get(name) or [])
    if kind == FILES:
        attached += chosen
    return {**found, "values": chosen}
