"""Numbers for CloudWatch, as lines in its embedded metric format: no request, no wait.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import IO, Any

from protege.journal import line
from protege.metrics import BY_COMMAND, UNITS

NAMESPACE = "Protege"
MOST_VALUES = 100
"""Of one metric in one line (specification, "Target members")."""
Values = dict[str, list[float]]


class Emf:
    """Keeps numbers until `flush`; then one line for each command and guild: mostly one.

    `stack`: value of the dimension `Stack`. `by`: `stack`, `command` (also each command) or `guild`
    (also each command and each guild): CloudWatch asks a price for each metric of each of them.
    """

    def __init__(
        self, stream: IO[str], stack: str, by: str, now: Callable[[], float] = time.time
    ) -> None:
        self._stream, self._stack, self._by, self._now = stream, stack, by, now
        self._kept: dict[tuple[str, str], Values] = {}
        self._lock = threading.Lock()

    def add(self, name: str, value: float, command: str, guild: str) -> None:
        """One more; what exceeds a line's hundred values goes out at once."""
        with self._lock:
            values = self._kept.setdefault((command, guild), {}).setdefault(name, [])
            values.append(value)
        if len(values) == MOST_VALUES:
            self.flush()

    def flush(self) -> None:
        """Write all that was added, each line in one piece."""
        with self._lock:
            kept, self._kept = self._kept, {}
        for (command, guild), values in kept.items():
            self._stream.write(self._line(command, guild, values) + "\n")
        if kept:
            self._stream.flush()

    def _line(self, command: str, guild: str, values: Values) -> str:
        fields: dict[str, Any] = {"command": command} if command else {}
        fields |= {"guild": guild} if guild else {}
        fields["_aws"] = {
            "Timestamp": int(self._now() * 1000),
            "CloudWatchMetrics": directives(
                tuple(values), self._by, command=bool(command), guild=bool(guild)
            ),
        }
        fields["Stack"] = self._stack
        fields |= {"Command": command} if command else {}
        fields |= {"Guild": guild} if guild and self._by == "guild" else {}
        return line("INFO", "counted", fields | {n: _summed(n, v) for n, v in values.items()})


@cache
def directives(
    names: tuple[str, ...], by: str, *, command: bool, guild: bool
) -> list[dict[str, Any]]:
    """Which members of a line are metrics, and under which dimensions."""
    apart = {name for name in names if name in BY_COMMAND and command and by != "stack"}
    every = [["Stack"], ["Stack", "Guild"]] if guild and by == "guild" else [["Stack"]]
    found = []
    for chosen, dimensions in (
        ([name for name in names if name in apart], [*every, ["Stack", "Command"]]),
        ([name for name in names if name not in apart], every),
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
