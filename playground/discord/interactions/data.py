"""The `data` of an interaction: what was chosen, typed, pressed or filled in.

Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Iterable
from typing import Any

from playground.discord.errors import ApiError, Faults
from playground.discord.files import Files
from playground.discord.interactions.options import (
    INTEGER,
    NUMBER,
    Scene,
    check_options,
    resolved,
    resolved_files,
)
from playground.discord.rules.forms import CHECK, FILES, LABEL, RADIOS, ROW, SHOWN_TEXT, TEXT

Json = dict[str, Any]


def command_data(
    scene: Scene, command: Json, path: list[str], values: Json, focused: str = ""
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
    check_options(scene, known, values, focused)
    options: list[Json] = [
        _option(option, values[option["name"]], focused)
        for option in known
        if option["name"] in values
    ]
    named = resolved(scene, options)
    for group in reversed(groups):
        options = [{"name": group["name"], "type": group["type"], "options": options}]
    found = {**_named(command), "options": options}
    return {**found, "resolved": named} if named else found


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
    named = resolved_files(files, attached)
    return {**found, "resolved": named} if named else found


def _named(command: Json) -> Json:
    found = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return {**found, "guild_id": command["guild_id"]} if "guild_id" in command else found


def _option(option: Json, value: Any, focused: str) -> Json:
    if focused and option["type"] in (INTEGER, NUMBER):
        value = str(value)  # while something is typed, Discord passes numbers on unread
    found = {"name": option["name"], "type": option["type"], "value": value}
    return {**found, "focused": True} if option["name"] == focused else found


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
