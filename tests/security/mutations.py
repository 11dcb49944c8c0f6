"""Every event of events/payloads with each of its fields replaced by something else."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tools.events import EVENTS

HUGE = "A" * 21_000
OTHERS: tuple[Any, ...] = (
    None, 0, -1, 2**63, 1.5, True, "", "x", "7", "\ud800", "\x00\n", HUGE, "@everyone <@&7>",
    [], [None], ["x"], {}, {"id": "7"}, {"id": 7, "type": []},
)  # fmt: skip
"""What stands in a field instead."""
CDN, NOWHERE = "https://cdn.discordapp.com/", "https://nowhere.invalid/"
GONE = object()
"""Not even the field is there."""
Path = tuple[str | int, ...]


def payloads() -> dict[str, dict[str, Any]]:
    """Interactions as Discord sends them, by name; their files lie where nobody reads."""
    found = sorted((EVENTS / "payloads").glob("*.json"))
    return {path.stem: json.loads(path.read_text().replace(CDN, NOWHERE)) for path in found}


def paths(value: Any, before: Path = ()) -> Iterator[Path]:
    """Where something stands in a payload: each field of each object, each item of each list."""
    if isinstance(value, dict):
        inside: Any = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    else:
        return
    for key, found in inside:
        yield (*before, key)
        yield from paths(found, (*before, key))


def changed(payload: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The payload with one place changed; `GONE` leaves it out."""
    found: Any = payload.copy()
    place: Any = found
    for step in path[:-1]:
        place[step] = copy.copy(place[step])
        place = place[step]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    whole: dict[str, Any] = found
    return whole


def mutants(payload: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """All places, and all that could stand there instead."""
    for path in paths(payload):
        for value in (GONE, *OTHERS):
            yield path, value
