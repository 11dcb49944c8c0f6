"""Numbers for CloudWatch, as lines in its embedded metric format: no request, no wait.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import logging
import threading
import time
from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache

from protege.journal import LOG, Stream, line
from protege.jsontext import encode
from protege.metrics import BY_COMMAND, UNITS

NAMESPACE = "Protege"
MOST_VALUES = 100
"""Of one metric in one line (specification, "Target members")."""
Rows = dict[str, list[float]]


class Emf:
    """Keeps numbers until `flush`; then one line for each command and guild: mostly one.

    `stack`: value of the dimension `Stack`. `by`: `stack`, `command` (also each command) or `guild`
    (also each command and each guild): CloudWatch asks a price for each metric of each of them.
    """

    def __init__(
        self, stream: Stream, stack: str, by: str, now: Callable[[], float] = time.time
    ) -> None:
        self._stream, self._stack, self._by, self._now = stream, stack, by, now
        self._kept: dict[tuple[str, str], Rows] = {}
        self._lock = threading.Lock()

    def add(self, values: Mapping[str, float], command: str, guild: str) -> None:
        """More; what exceeds a line's hundred values goes out at once."""
        with self._lock:
            kept = self._kept.setdefault((command, guild), {})
            for name, value in values.items():
                kept.setdefault(name, []).append(value)
            full = any(len(row) == MOST_VALUES for row in kept.values())
        if full:
            self.flush()

    def note(self, event: str, values: Mapping[str, float], fields: Mapping[str, object]) -> None:
        """A line that tells and counts; where lines of its level are not kept, it only counts."""
        if not LOG.isEnabledFor(logging.INFO):
            event, fields = (
                "counted",
                {k: v for k, v in fields.items() if k in ("command", "guild")},
            )
        self._write(line("INFO", event, fields), values, fields)

    def flush(self) -> None:
        """Write all that was added."""
        with self._lock:
            kept, self._kept = self._kept, {}
        for (command, guild), rows in kept.items():
            fields = {"command": command, "guild": guild}
            values = {name: _summed(name, row) for name, row in rows.items()}
            self._write(line("INFO", "counted", fields), values, fields)

    def _write(
        self,
        text: str,
        values: Mapping[str, float | list[float]],
        fields: Mapping[str, object],
    ) -> None:
        """Add to a line what makes it count, and write it in one piece."""
        of = str(fields.get("command", "")), str(fields.get("guild", ""))
        said = members(tuple(values), self._by, self._stack, *of)
        numbers = ",".join(f'"{name}":{value}' for name, value in values.items())
        aws = f'"_aws":{{"Timestamp":{int(self._now() * 1000)},{said},{numbers}'
        self._stream.write(f"{text[:-1]},{aws}}}\n")
        self._stream.flush()


@lru_cache(1024)
def members(names: tuple[str, ...], by: str, stack: str, command: str, guild: str) -> str:
    """The rest of `_aws` and the dimensions that it speaks of, as JSON: the same in line after
    line."""
    target = {"Stack": stack}
    target |= {"Command": command} if command else {}
    target |= {"Guild": guild} if guild and by == "guild" else {}
    return f'"CloudWatchMetrics":{encode(directives(names, by, target))}}},{encode(target)[1:-1]}'


def directives(names: Iterable[str], by: str, target: Container[str]) -> list[dict[str, object]]:
    """Which members of a line are metrics, and under which dimensions. `target`: what it has."""
    apart = BY_COMMAND if "Command" in target and by != "stack" else frozenset()
    every = [["Stack"], ["Stack", "Guild"]] if "Guild" in target else [["Stack"]]
    found: list[dict[str, object]] = []
    for dimensions, chosen in (
        ([*every, ["Stack", "Command"]], [name for name in names if name in apart]),
        (every, [name for name in names if name not in apart]),
    ):
        metrics = [{"Name": name, "Unit": UNITS[name]} for name in chosen]
        if metrics:
            found.append({"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics})
    return found


def _summed(name: str, values: list[float]) -> float | list[float]:
    """Durations one by one, for their percentiles; what is counted as its sum."""
    if UNITS[name] != "Milliseconds":
        return sum(values)
    return values[0] if len(values) == 1 else values
