"""Numbers on one machine: sums in memory, shown in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from protege.journal import note
from protege.metrics import BY_COMMAND, UNITS

SECONDS = (0.005, 0.025, 0.1, 0.5, 1.0, 1.5, 3.0, 10.0, 60.0)
"""Upper bounds of a duration's buckets; 1.5 and 3 are what Discord's patience is made of."""
Key = tuple[str, str, str]
"""Metric, command, guild: the latter two empty where it is not kept apart by them."""


class Totals:
    """Sums since the start. `by`: as for `emf.Emf`. Any thread may add."""

    def __init__(self, by: str) -> None:
        self._by = by
        self._lock = threading.Lock()
        self._sums: dict[Key, list[float]] = {}

    def add(self, values: Mapping[str, float], command: str, guild: str) -> None:
        """More."""
        for name, value in values.items():
            apart = command if name in BY_COMMAND and self._by != "stack" else ""
            key = (name, apart, guild if self._by == "guild" else "")
            with self._lock:
                _added(self._sums.setdefault(key, _empty(name)), name, value)

    def note(self, event: str, values: Mapping[str, float], fields: Mapping[str, object]) -> None:
        """More, and a line."""
        self.add(values, str(fields.get("command", "")), str(fields.get("guild", "")))
        note(event, **fields)

    def flush(self) -> None:
        """Nothing to do: sums stay."""

    def sums(self) -> dict[str, list[float]]:
        """All, to be kept as JSON: `metric|command|guild` -> sum, or a duration's row (`text`)."""
        with self._lock:
            return {"|".join(key): list(row) for key, row in sorted(self._sums.items())}


def text(sums: Mapping[str, list[float]]) -> str:
    """Sums in Prometheus' format. A duration's row: count, seconds, then each bucket's count."""
    lines: list[str] = []
    shown = ""
    for key, row in sums.items():
        metric, command, guild = key.split("|", 2)
        name = _named(metric)
        if metric != shown:
            kind = "histogram" if UNITS[metric] == "Milliseconds" else "counter"
            lines.append(f"# TYPE {name} {kind}")
        shown = metric
        labels = {"command": command, "guild": guild}
        lines += _lines(name, {k: v for k, v in labels.items() if v}, row)
    return "".join(f"{line}\n" for line in lines)


def merged(*all: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """The sums of several processes in one."""
    found: dict[str, list[float]] = {}
    for sums in all:
        for key, row in sums.items():
            found[key] = [a + b for a, b in zip(found.get(key, [0.0] * len(row)), row, strict=True)]
    return dict(sorted(found.items()))


def _empty(name: str) -> list[float]:
    return [0.0] * (2 + len(SECONDS)) if UNITS[name] == "Milliseconds" else [0.0]


def _added(row: list[float], name: str, value: float) -> None:
    if UNITS[name] != "Milliseconds":
        row[0] += value
        return
    seconds = value / 1000
    row[0] += 1
    row[1] += seconds
    for place, most in enumerate(SECONDS, 2):
        row[place] += seconds <= most


def _named(metric: str) -> str:
    """`TokensIn` -> `protege_tokens_in_total`, `AckMs` -> `protege_ack_seconds`."""
    words = re.sub(r"\B([A-Z])", r"_\1", metric.removesuffix("Ms")).lower()
    return f"protege_{words}_{'seconds' if UNITS[metric] == 'Milliseconds' else 'total'}"


def _lines(name: str, labels: dict[str, Any], row: list[float]) -> Iterator[str]:
    if len(row) == 1:
        yield f"{name}{_labelled(labels)} {row[0]:.12g}"
        return
    for most, count in zip((*SECONDS, "+Inf"), (*row[2:], row[0]), strict=True):
        yield f"{name}_bucket{_labelled(labels | {'le': most})} {count:.12g}"
    yield f"{name}_sum{_labelled(labels)} {row[1]:.12g}"
    yield f"{name}_count{_labelled(labels)} {row[0]:.12g}"


def _labelled(labels: Mapping[str, Any]) -> str:
    inside = ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
